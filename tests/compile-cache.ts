import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Compiling Pulumi and the AWS SDK takes most of the time of a short process, and the tests start a hundred.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "jwt-websocket-api-compile-cache");
enableCompileCache(process.env.NODE_COMPILE_CACHE);
