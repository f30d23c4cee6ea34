import { type Connection, listVariables, toClientUrl } from './connection.ts'

/** Ways to write a connection down. `json` is for programs. */
export const connectFormats = [
	...([
		'claude-code',
		'env',
		'fish',
		'powershell',
		'cmd',
		'vscode',
		'json',
		'sdk',
		'python',
		'curl',
	] as const),
] as const
export type ConnectFormat = (typeof connectFormats)[number]

/** The model that examples ask for: every model map knows its tier. */
const exampleModel = 'claude-sonnet-5-5'

/** A connection as it can be pasted: a settings file, shell lines, a program. */
export function writeSnippet(format: ConnectFormat, connection: Connection): string {
	const variables = listVariables(connection)
	return writers[format](variables, connection)
}

type Writer = (variables: Record<string, string>, connection: Connection) => string

const writers: Record<ConnectFormat, Writer> = {
	'claude-code': env => JSON.stringify({ env }, null, 2),
	env: env => writeLines(env, (name, value) => `export ${name}=${quotePosix(value)}`),
	fish: env => writeLines(env, (name, value) => `set -gx ${name} ${quoteFish(value)}`),
	powershell: env => writeLines(env, (name, value) => `$env:${name} = ${quotePowershell(value)}`),
	cmd: env => writeLines(env, (name, value) => `set "${name}=${value.replaceAll('%', '%%')}"`),
	vscode: env => writeVsCode(env),
	json: env => JSON.stringify(env),
	sdk: (_, { baseUrl, accessKey }) => writeTypescript(toClientUrl(baseUrl), accessKey),
	python: (_, { baseUrl, accessKey }) => writePython(toClientUrl(baseUrl), accessKey),
	curl: (_, { baseUrl, accessKey }) => writeCurl(toClientUrl(baseUrl), accessKey),
}

function writeLines(
	variables: Record<string, string>,
	writeLine: (name: string, value: string) => string,
): string {
	return Object.entries(variables)
		.map(([name, value]) => writeLine(name, value))
		.join('\n')
}

/**
 * For the settings.json of VS Code, which its extension reads besides Claude Code's own settings.
 * https://code.claude.com/docs/en/vs-code
 */
function writeVsCode(variables: Record<string, string>): string {
	const settings = {
		'claudeCode.disableLoginPrompt': true,
		'claudeCode.environmentVariables': Object.entries(variables).map(([name, value]) => ({ name, value })),
	}
	return JSON.stringify(settings, null, 2)
}

function writeTypescript(baseUrl: string, accessKey: string): string {
	return `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({
	baseURL: ${JSON.stringify(baseUrl)},
	authToken: ${JSON.stringify(accessKey)},
})
const message = await client.messages.create({
	model: '${exampleModel}',
	max_tokens: 1024,
	messages: [{ role: 'user', content: 'Hello' }],
})
console.log(message.content)`
}

function writePython(baseUrl: string, accessKey: string): string {
	return `from anthropic import Anthropic

client = Anthropic(base_url=${JSON.stringify(baseUrl)}, auth_token=${JSON.stringify(accessKey)})
message = client.messages.create(
    model="${exampleModel}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)
print(message.content)`
}

function writeCurl(baseUrl: string, accessKey: string): string {
	const body = JSON.stringify({
		model: exampleModel,
		max_tokens: 1024,
		messages: [{ role: 'user', content: 'Hello' }],
	})
	return `curl ${quotePosix(`${baseUrl}/v1/messages`)} \\
  -H ${quotePosix(`x-api-key: ${accessKey}`)} \\
  -H 'content-type: application/json' \\
  -d ${quotePosix(body)}`
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02 */
function quotePosix(text: string): string {
	return isPlain(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** https://fishshell.com/docs/current/language.html#quotes */
function quoteFish(text: string): string {
	return isPlain(text) ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules */
function quotePowershell(text: string): string {
	return `'${text.replaceAll("'", "''")}'`
}

const isPlain = (text: string) => /^[\w.:/@%+=-]+$/.test(text)
