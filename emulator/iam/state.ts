import type { Access } from '../access/index.ts';

/** The template's roles, and when they were made. */
export interface IamState {
  readonly access: Pick<Access, 'roles' | 'findRole' | 'allows'>;
  readonly created: Date;
}
