import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureCli } from '../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { quietProgress } from '../scripts/lib/progress.ts'
import { completionShells, formatCandidates, unquoteWord, writeCompletion } from './completion-scripts.ts'
import { completeWords } from './completion-words.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

const names = {
	upstreams: [
		{ name: '月之暗面', type: 'claude', keys: [{ id: 'key_aaa', mask: 'sk-…aaaa' }] },
		{ name: 'openai-main', type: 'openai', keys: [] },
	],
}
const complete = async (...words: string[]) =>
	(await completeWords(words, async () => names)).map(({ word }) => word)

describe('words', () => {
	test.each([
		[['sta'], ['status']],
		[['config', 'bal'], ['balance']],
		[
			['use', ''],
			['月之暗面', 'openai-main'],
		],
		[['use', 'OPEN'], ['openai-main']],
		[
			['test', 'openai-main', ''],
			['月之暗面', 'openai-main'],
		],
		[
			['balance', 'r'],
			['round-robin', 'random'],
		],
		[
			['key', '月之暗面', 're'],
			['remove', 'resume'],
		],
		[['key', '月之暗面', 'remove', ''], ['key_aaa']],
		[['key', 'openai-main', 'remove', ''], []],
		[['presets', 'anth'], ['anthropic']],
		[['add', 'x', '--preset', 'deep'], ['deepseek']],
		[['add', 'x', 'gem'], ['gemini']],
		[['update', 'openai-main', '--type', 'cl'], ['claude']],
		[['update', 'openai-main', '--auth-style', 'b'], ['bearer']],
		[['update', '--enabled', 'true', 'o'], ['openai-main']],
		[['connect', '--format', 'po'], ['powershell']],
		[['completion', 'z'], ['zsh']],
		[['history', 're'], ['restore']],
		[['db', 'c'], ['check']],
		[['db', 'v'], ['vacuum']],
		[['db', 'l'], ['logins']],
		[['prompt', 'hi', '--upstream', 'o'], ['openai-main']],
		[['status', '--w'], ['--watch']],
		[['nonsense', ''], []],
		[['constructor', ''], []],
	])('%j', async (words, expected) => {
		expect(await complete(...words)).toEqual(expected)
	})

	test.each([
		['bash', "'two words'", 'two words'],
		['bash', "'two w", 'two w'],
		['bash', "it\\'s", "it's"],
		['bash', "'it'\\''s: two'", "it's: two"],
		['zsh', 'two\\ words', 'two words'],
		['fish', '"a \\"b\\" $c"', 'a "b" $c'],
		['powershell', "'it''s: two'", "it's: two"],
		['powershell', '"two `"words', 'two "words'],
		['powershell', 'C:\\keys.txt', 'C:\\keys.txt'],
		['powershell', 'a` b', 'a b'],
		['bash', '月之暗面', '月之暗面'],
	])('typed in %s as %s stand for %s', (shell, typed, word) => {
		expect(unquoteWord(shell, typed)).toBe(word)
	})

	test.each(['bash', 'powershell'])('quoted for %s are read back', shell => {
		for (const word of ["it's: two", 'two words', '月之暗面', 'a"b', '$(x)']) {
			expect(unquoteWord(shell, formatCandidates(shell, [{ word }])[0] ?? '')).toBe(word)
		}
	})

	test('are quoted as the shell wants them', () => {
		const candidates = [{ word: "it's: two", about: 'claude' }]
		expect(formatCandidates('bash', candidates)).toEqual([`'it'\\''s: two'`])
		expect(formatCandidates('zsh', candidates)).toEqual(["it's\\: two:claude"])
		expect(formatCandidates('fish', candidates)).toEqual(["it's: two\tclaude"])
		expect(formatCandidates('powershell', candidates)).toEqual([`'it''s: two'\tclaude`])
	})
})

/**
 * No PowerShell runs here, so its script is taken apart instead. Sources: about_Register-ArgumentCompleter (what the
 * block is given, in this order), about_Parsing, about_Redirection
 */
describe('the script for PowerShell', () => {
	const script = writeCompletion('powershell')
	const code = script
		.replace(/^#.*$/gm, '')
		.replace(/'[^']*'|"(?:[^"`]|`.)*"/g, text =>
			text.startsWith("'") ? "''" : `"${text.match(/\$\w+/g) ?? ''}"`,
		)

	test('closes what it opens, in order', () => {
		const open: string[] = []
		const pairs: Record<string, string> = { '}': '{', ')': '(', ']': '[' }
		for (const [sign] of code.matchAll(/[{}()[\]]/g)) {
			if (sign in pairs) expect([sign, open.pop()]).toEqual([sign, pairs[sign]])
			else open.push(sign)
		}
		expect(open).toEqual([])
		expect(code.match(/["']/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0)
	})

	test('takes what a native completer is given, and uses no variable that it has not', () => {
		expect(code).toMatch(
			/-Native -CommandName claude-proxy -ScriptBlock \{\s*param\(\$word, \$ast, \$cursor\)/,
		)
		const given = ['word', 'ast', 'cursor', '_', 'null']
		const assigned = [...code.matchAll(/((?:\$\w+, )*\$\w+) = /g)].flatMap(([, names = '']) =>
			[...names.matchAll(/\$(\w+)/g)].map(([, name = '']) => name),
		)
		const used = [...code.matchAll(/[$@](\w+)/g)].map(([, name = '']) => name)
		expect([...new Set(used)].filter(name => ![...given, ...assigned].includes(name))).toEqual([])
	})

	test('runs the program and what shapes its answer, and evaluates nothing', () => {
		const begun = code.matchAll(/(?:^|[|{(;=])\s*([A-Za-z][\w-]*)/gm)
		const ran = [...begun].map(([, name = '']) => name).filter(name => !['param', 'if'].includes(name))
		expect([...new Set(ran)].sort()).toEqual(
			['ForEach-Object', 'Register-ArgumentCompleter', 'Select-Object', 'claude-proxy'].sort(),
		)
		expect(script).not.toMatch(/Invoke-|\biex\b|&\s*[$({]|\$\(|\. [$(]/)
		expect(script).toMatch(/complete powershell @words "_\$word" 2>\$null/)
	})

	test('splits where the program puts a tab', () => {
		const [line = ''] = formatCandidates('powershell', [{ word: 'two words', about: 'openai' }])
		expect(line.split('\t')).toEqual(["'two words'", 'openai'])
		expect(script).toContain('$_ -split "`t", 2')
		expect(script).toMatch(/CompletionResult\]::new\(\$value, \$value, 'ParameterValue', \$about\)/)
	})
})

type TestedShell = 'bash' | 'zsh' | 'fish'

/** Those that this computer has: zsh and fish are not everywhere. */
const testedShells = (['bash', 'zsh', 'fish'] as const).filter(
	shell => spawnSync(shell, ['--version']).status === 0,
)

const quote = (words: readonly string[]) => words.map(word => `'${word}'`).join(' ')

/** Lines that press Tab behind the words, once a shell has taken the script in. */
const drivers: Record<TestedShell, (words: readonly string[]) => string[]> = {
	bash: words => [
		`COMP_WORDS=(claude-proxy ${quote(words)})`,
		`COMP_CWORD=${words.length}`,
		'_claude_proxy',
		`printf "%s\\n" "\${COMPREPLY[@]}"`,
	],
	zsh: words => [
		`_describe() { print -rl -- "\${(@P)2}" }`,
		'_files() { }',
		`words=(claude-proxy ${quote(words)})`,
		`CURRENT=${words.length + 1}`,
		'_claude_proxy',
	],
	fish: words => [`complete -C "claude-proxy ${words.join(' ').replaceAll('$', '\\$')}"`],
}

/** Two upstreams, as each shell offers them. */
const shownAs: Record<TestedShell, string[]> = {
	bash: ['main', `'two words'`],
	zsh: ['main:openai', 'two words:openai'],
	fish: ['main\topenai', 'two words\topenai'],
}

describe('in a shell', () => {
	let folder: CliFolder
	beforeEach(() => {
		folder = createCliFolder()
	})
	afterEach(() => folder.remove())

	/** What a shell offers after Tab; `claude-proxy` is the bundle. */
	async function pressTab(shell: TestedShell, ...words: string[]): Promise<string[]> {
		const bin = join(folder.path, 'bin')
		mkdirSync(bin, { recursive: true })
		const entry = await ensureCli(projectRoot, quietProgress)
		writeFileSync(join(bin, 'claude-proxy'), `#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n`)
		chmodSync(join(bin, 'claude-proxy'), 0o755)
		const { stdout: script } = await folder.run('completion', shell)
		const env = { ...process.env, HOME: folder.path, PATH: `${bin}:${process.env.PATH}` }
		const args = [...(shell === 'zsh' ? ['-f'] : []), '-c', [script, ...drivers[shell](words)].join('\n')]
		const { stdout } = await promisify(execFile)(shell, args, { cwd: folder.path, env })
		return stdout.split('\n').filter(line => line !== '')
	}

	test('bash is there: it is on every computer that runs these tests', () => {
		expect(testedShells).toContain('bash')
	})

	describe.each(testedShells)('%s', shell => {
		test('completes names from the database, and runs nothing of what was typed', async () => {
			await folder.run('add', 'main', 'openai', 'https://a.example')
			await folder.run('add', 'two words', 'openai', 'https://a.example')
			expect(await pressTab(shell, 'use', '')).toEqual(shownAs[shell])
			expect(await pressTab(shell, 'use', '$(touch hacked)', '')).toEqual([])
			expect(existsSync('hacked')).toBe(false)
		})

		test('makes nothing where there is nothing yet', async () => {
			expect(await pressTab(shell, 'use', '')).toEqual([])
			expect(await pressTab(shell, 'balance', 'rou')).toEqual(['round-robin'])
			expect(existsSync('.env')).toBe(false)
			expect(existsSync('data')).toBe(false)
		})
	})

	test.each(completionShells)('the script for %s names the program and its shell', async shell => {
		const { code, stdout } = await folder.run('completion', shell)
		expect(code).toBe(0)
		expect(stdout).toContain(`claude-proxy complete ${shell}`)
	})

	test.each([
		[['completion'], /one of: bash, zsh/],
		[['completion', 'zhs'], /did you mean zsh/],
		[['completion', 'tcsh', 'x'], /takes one shell/],
	])('refuses %j', async (argv, problem) => {
		expect(await folder.run(...argv)).toMatchObject({
			code: 2,
			stdout: '',
			stderr: expect.stringMatching(problem),
		})
	})
})
