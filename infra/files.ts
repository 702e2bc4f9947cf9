import { join } from 'node:path';

/** The files that the construct reads when it is synthesized. The package has them in the same places beside its bundle. */
export const folders = {
  /** `<name>.asl.json` */
  machines: join(import.meta.dirname, '..', 'statemachines'),
  /** `<name>.vtl` */
  templates: join(import.meta.dirname, 'session-api', 'templates'),
  /** A folder for each function: with its sources here, with its bundle in the package. */
  functions: join(import.meta.dirname, '..', 'functions'),
};
