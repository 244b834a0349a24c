const names = new Map();

exports.add = (id, name) => names.set(id, name);
exports.remove = (id) => names.delete(id);
exports.nameOf = (id) => names.get(id);
exports.names = () => [...names.values()];
exports.othersThan = (id) => [...names.keys()].filter((other) => other !== id);
