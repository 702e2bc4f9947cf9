/** `require('sqs-browser/local')`, in CommonJS tests of jest too. */
'use strict';

const { Script, constants } = require('node:vm');
const { pathToFileURL } = require('node:url');
const { join } = require('node:path');

/**
 * Jest runs tests in a context of its own, whose import needs a flag of Node. A script that asks for the default loader has Node's own:
 * https://nodejs.org/api/vm.html#when-importmoduledynamically-is-vmconstantsuse_main_context_default_loader
 */
const importByNode = (file) => {
  const options = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
  const load = new Script('(url) => import(url)', options).runInThisContext();
  return load(pathToFileURL(join(__dirname, file)).href);
};

exports.startLocal = async (options) => {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`sqs-browser/local needs Node.js 20 or later; this is ${process.version}.`);
  const module = await import('./local.js').catch((error) => {
    if (error.code !== 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG') throw error;
    return importByNode('local.js');
  });
  return module.startLocal(options);
};
