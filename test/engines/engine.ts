/** A page in a browser that is driven from outside. */
export interface EnginePage {
  /** The value of an expression, or of its promise; it must be JSON. */
  evaluate(expression: string): Promise<unknown>;
  navigate(url: string): Promise<void>;
  reload(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

export interface EngineSettings {
  /** Blocks cookies, and so every storage and channel. */
  readonly blocksCookies?: boolean;
}

/** A name that every engine finds at 127.0.0.1, and takes for an intranet's: its pages are no secure context. */
export const intranet = 'intranet.test';

/** A browser with a profile of its own. */
export interface Engine {
  open(url: string): Promise<EnginePage>;
  close(): Promise<void>;
}
