import type { Candidate } from './completion-words.ts'
import { quoteForShell } from './ui/quote-for-shell.ts'

export const completionShells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type CompletionShell = (typeof completionShells)[number]

/**
 * What a shell sources. Each hands its words to `claude-proxy complete <shell>`, the last one behind a `_`, since some
 * shells drop an empty word; none evaluates what was typed.
 */
export function writeCompletion(shell: CompletionShell): string {
	return scripts[shell]
}

const scripts: Record<CompletionShell, string> = {
	bash: `# completion of claude-proxy for bash
_claude_proxy() {
	local line words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
	COMPREPLY=()
	while IFS= read -r line; do
		[ -n "$line" ] && COMPREPLY+=("$line")
	done < <(claude-proxy complete bash "\${words[@]}" "_\${COMP_WORDS[COMP_CWORD]}" 2>/dev/null)
}
complete -o default -F _claude_proxy claude-proxy`,
	zsh: `#compdef claude-proxy
# completion of claude-proxy for zsh
_claude_proxy() {
	local -a found
	found=("\${(@f)$(claude-proxy complete zsh "\${(@)words[2,CURRENT-1]}" "_\${words[CURRENT]}" 2>/dev/null)}")
	if [[ -n "\${found[1]}" ]]; then _describe 'claude-proxy' found; else _files; fi
}
# Sourced, or found as a file _claude-proxy on the fpath.
if [[ "\${funcstack[1]}" == _claude-proxy ]]; then _claude_proxy "$@"; else compdef _claude_proxy claude-proxy; fi`,
	fish: `# completion of claude-proxy for fish
function __claude_proxy_complete
	claude-proxy complete fish (commandline -opc)[2..] "_"(commandline -ct) 2>/dev/null
end
complete -c claude-proxy -f -a '(__claude_proxy_complete)'
complete -c claude-proxy -n '__fish_seen_subcommand_from convert import export' -F`,
	powershell: `# completion of claude-proxy for PowerShell
Register-ArgumentCompleter -Native -CommandName claude-proxy -ScriptBlock {
	param($word, $ast, $cursor)
	$words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
	if ($word -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }
	claude-proxy complete powershell @words "_$word" 2>$null | ForEach-Object {
		$value, $about = $_ -split "\`t", 2
		if (-not $about) { $about = $value }
		[System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
	}
}`,
}

/** Candidates as a shell's script reads them, one per line. */
export function formatCandidates(shell: string, candidates: readonly Candidate[]): string[] {
	return candidates.map(({ word, about = '' }) => {
		if (shell === 'zsh') return `${word.replaceAll(':', '\\:')}${about === '' ? '' : `:${about}`}`
		if (shell === 'fish') return about === '' ? word : `${word}\t${about}`
		if (shell === 'powershell') return `${quoteForPowershell(word)}${about === '' ? '' : `\t${about}`}`
		return quoteForShell(word)
	})
}

const quoteForPowershell = (word: string) =>
	/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`

/**
 * A word as it was typed, without its quotes: shells hand them on, and the last one may still be open. Sources:
 * https://www.gnu.org/software/bash/manual/html_node/Quoting.html and PowerShell's about_Quoting_Rules
 */
export function unquoteWord(shell: string, word: string): string {
	const isPowershell = shell === 'powershell'
	const parts = isPowershell
		? /'((?:[^']|'')*)'?|"((?:[^"`]|""|`.)*)"?|`(.)/gsu
		: /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/gsu
	return word.replace(parts, (_whole, single?: string, double?: string, escaped?: string) => {
		if (single !== undefined) return isPowershell ? single.replaceAll("''", "'") : single
		if (double === undefined) return escaped ?? ''
		return isPowershell
			? double.replaceAll('""', '"').replace(/`(.)/gsu, '$1')
			: double.replace(/\\(["\\$`])/gu, '$1')
	})
}
