// Stands in for a module that a function's libraries load but that it never uses (bundle.ts).
module.exports = {};
