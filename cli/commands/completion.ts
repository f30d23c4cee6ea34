import type { Command, CommandCall, CommandResult } from '../command.ts'
import { completionShells, writeCompletion } from '../completion-scripts.ts'
import { findNearest } from '../nearest.ts'
import { usageError } from '../refuse.ts'

export const completion: Command = {
	usage: [`completion ${completionShells.join('|')}`],
	options: {},
	examples: ['completion bash', 'completion zsh'],
	details: [
		"bash        echo 'source <(claude-proxy completion bash)' >> ~/.bashrc",
		"zsh         echo 'source <(claude-proxy completion zsh)' >> ~/.zshrc (below compinit)",
		'fish        claude-proxy completion fish > ~/.config/fish/completions/claude-proxy.fish',
		'powershell  claude-proxy completion powershell | Out-String | Invoke-Expression',
		'For the installed program: a shell completes no words behind `npm run config --`.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [word, ...rest] = call.words
	const shells = `one of: ${completionShells.join(', ')}`
	if (word === undefined || rest.length > 0) throw usageError('completion takes one shell', shells)
	const shell = completionShells.find(name => name === word.toLowerCase())
	if (shell === undefined) {
		const nearest = findNearest(word.slice(0, 40), completionShells)
		throw usageError('there is no completion for such a shell', nearest ? `did you mean ${nearest}?` : shells)
	}
	const script = writeCompletion(shell)
	return { data: { shell, script }, lines: script.split('\n') }
}
