import { Argument, type Command } from 'commander';
import { say } from './frame.js';

/** `dondoc completion bash|zsh`: made from the commands as they are, so that it never lags behind them. */
export function addCompletionCommand(dondoc: Command): void {
  dondoc
    .command('completion')
    .description('print the completion of a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      '\nExamples:\n  dondoc completion bash > /etc/bash_completion.d/dondoc\n  dondoc completion zsh > /usr/local/share/zsh/site-functions/_dondoc',
    )
    .action((shell: string) => say(shell === 'bash' ? bash(dondoc) : zsh(dondoc)));
}

/** The words that may follow each command, by its path: `dondoc people` → its subcommands and options. */
function wordsByPath(command: Command, path: string): [string, string[]][] {
  const below = command.commands.map((each) => each.name());
  const options = command.options.flatMap((option) => option.long ?? []);
  return [
    [path, [...below, ...options, '--help']],
    ...command.commands.flatMap((each) => wordsByPath(each, `${path} ${each.name()}`)),
  ];
}

function bash(dondoc: Command): string {
  const cases = wordsByPath(dondoc, 'dondoc').map(
    ([path, words]) => `    "${path}") words="${words.join(' ')}" ;;`,
  );
  return `# bash completion of dondoc
_dondoc() {
  local word path="dondoc" words="" current="\${COMP_WORDS[COMP_CWORD]}" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    [[ "$word" == -* ]] || path="$path $word"
  done
  case "$path" in
${cases.join('\n')}
  esac
  if [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _dondoc dondoc`;
}

function zsh(dondoc: Command): string {
  const cases = wordsByPath(dondoc, 'dondoc').map(
    ([path, words]) => `    "${path}") offered=(${words.join(' ')}) ;;`,
  );
  return `#compdef dondoc
_dondoc() {
  local -a offered
  local word route="dondoc"
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$word" == -* ]] || route="$route $word"
  done
  case "$route" in
${cases.join('\n')}
  esac
  if (( \${#offered} )); then compadd -a offered; else _files; fi
}
_dondoc "$@"`;
}
