// Stryker names the change to make in the environment. The tests give the authorizer an environment of its own, so
// its instrumented code would not find the name there: it is put where that code looks first.
const { __STRYKER_ACTIVE_MUTANT__: activeMutant } = process.env;
Object.assign(globalThis, { __stryker__: { activeMutant } });
