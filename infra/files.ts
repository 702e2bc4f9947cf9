import { join } from 'node:path';

/** The files that the construct reads when it is synthesized. The package has them in the same places beside its bundle. */
export const folders = {
  /** `<name>.asl.json` */
  machines: join(import.meta.dirname, '..', 'statemachines'),
  /** `<name>.vtl` */
  templates: join(import.meta.dirname, 'session-api', 'templates'),
  /** Of each function a folder: its sources here, its bundle in the package. */
  functions: join(import.meta.dirname, '..', 'functions'),
};
