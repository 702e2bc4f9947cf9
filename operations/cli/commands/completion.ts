import type { Command } from 'commander';
import { Argument } from 'commander';
import type { Terminal } from '../terminal.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** What can follow a command: its subcommands and its options. */
const wordsOf = (command: Command): string[] => [
  ...command.commands.map((each) => each.name()),
  ...command.options.flatMap(({ long }) => long ?? []),
];

const bash = (program: Command): string[] => [
  '_sqs_browser() {',
  '  local word=${COMP_WORDS[COMP_CWORD]} words',
  '  case "${COMP_WORDS[1]}" in',
  ...program.commands.map((command) => `    ${command.name()}) words="${wordsOf(command).join(' ')}" ;;`),
  `    *) words="${wordsOf(program).join(' ')}" ;;`,
  '  esac',
  '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
  '}',
  'complete -o default -F _sqs_browser sqs-browser',
];

const fish = (program: Command): string[] =>
  program.commands.flatMap((command) => [
    `complete -c sqs-browser -n __fish_use_subcommand -f -a ${command.name()} -d '${command.description().replaceAll("'", '’')}'`,
    ...command.options.flatMap(({ long, description }) =>
      long === undefined
        ? []
        : [
            `complete -c sqs-browser -n '__fish_seen_subcommand_from ${command.name()}' -l ${long.slice(2)} -d '${description.replaceAll("'", '’')}'`,
          ],
    ),
  ]);

const scripts: Readonly<Record<Shell, (program: Command) => string[]>> = {
  bash,
  // Zsh runs bash's completions.
  zsh: (program) => ['autoload -U +X bashcompinit && bashcompinit', ...bash(program)],
  fish,
};

/** `completion`: a script for the shell, made from the commands themselves. */
export const addCompletion = (program: Command, { print }: Terminal): void => {
  program
    .command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      '\nExamples:\n  $ source <(sqs-browser completion bash)\n  $ sqs-browser completion fish > ~/.config/fish/completions/sqs-browser.fish',
    )
    .action((shell: Shell) => {
      for (const line of scripts[shell](program)) print(line);
    });
};
