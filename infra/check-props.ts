import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { configurationOf } from './check-settings.ts';
import { subjectOf } from './common.ts';
import { ConfigurationError } from './configuration-error.ts';
import { folders } from './files.ts';
import type { Configuration } from './settings.ts';
import type { SqsBrowserProps } from './sqs-browser-props.ts';
import { taskNames } from './tasks.ts';

/** `<name>-sweep-identities` is the longest name that is made with it, and Lambda's names end at 64 characters. */
const namePattern = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
const stagePattern = /^[A-Za-z0-9_-]{1,128}$/;

/** What is wrong with the props that are not settings, to complete "The prop …". Undefined when all are right. */
const problemIn = (props: SqsBrowserProps): string | undefined => {
  const { name, apiStage, functions = folders.functions } = props;
  if (name !== undefined && !namePattern.test(name)) {
    return `name is ${JSON.stringify(name)}, but must be 1 to 40 letters, digits and hyphens, a letter first`;
  }
  if (apiStage !== undefined && !stagePattern.test(apiStage)) {
    return `apiStage is ${JSON.stringify(apiStage)}, but must be 1 to 128 letters, digits, hyphens and underscores`;
  }
  if (props.eventStream && (props.streamMode !== undefined || props.shardCount !== undefined)) {
    return 'eventStream does not go together with streamMode or shardCount: they are for a stream that is made here';
  }
  if (props.apiPolicy && (props.apiAllowedCidrs ?? props.apiCallers) !== undefined) {
    return 'apiPolicy does not go together with apiAllowedCidrs or apiCallers: say it in the policy';
  }
  const missing = taskNames.find((task) => !existsSync(join(functions, task, 'handler.mjs')));
  return missing === undefined
    ? undefined
    : `functions is ${JSON.stringify(functions)}, but must be a folder with the bundles: ${missing}/handler.mjs is not there`;
};

/**
 * Checks the props of an SqsBrowser and fills in the defaults of its settings.
 * @throws ConfigurationError with one sentence that names the prop and what is right
 */
export const checkProps = (scope: Construct, props: SqsBrowserProps): Configuration => {
  const problem = problemIn(props);
  if (problem !== undefined) throw new ConfigurationError(`${scope.node.path}: the prop ${problem}.`);
  return configurationOf(props, scope.node.path, subjectOf(scope));
};
