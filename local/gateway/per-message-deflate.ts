/**
 * The compression that the gateway agrees to, for messages of 1 kB and more. API Gateway negotiates permessage-deflate;
 * with which parameters is unconfirmed. Without context takeover, a connection keeps no compressor between messages,
 * and short messages, which would take longer to compress than to send, go as they are.
 */
export const perMessageDeflate = { serverNoContextTakeover: true, clientNoContextTakeover: true } as const;
