/** The emulator, 250 modules with what they import, loaded once: see environment.js. Its own tests import its files, which Jest loads. */
module.exports = globalThis.loadOnce('aws-template-emulator');
