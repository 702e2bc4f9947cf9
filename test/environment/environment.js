import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

const require = createRequire(import.meta.url);
const hasInstance = Function.prototype[Symbol.hasInstance];

/**
 * Jest reads and compiles every module anew for each file of tests, in a realm of its own. `loadOnce` loads a module as Node does, once for
 * each of Jest's processes, where it stays compiled. It is for what keeps nothing from one use to the next and takes long to load: see
 * moduleNameMapper in jest.config.js.
 */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error: SandboxError } = this.global;
    this.global.loadOnce = require;
    // What such a module throws, and what Node itself throws, is an Error here too, although it is one of another realm.
    Object.defineProperty(SandboxError, Symbol.hasInstance, {
      value(thrown) {
        return hasInstance.call(this, thrown) || (this === SandboxError && Error.isError(thrown));
      },
    });
  }
}
