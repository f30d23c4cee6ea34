import { clock, random } from '../../api/_app/runtime.ts'
import { createNodeTransport } from '../../api/_app/transport/node-transport.ts'
import { sendTestMessage } from '../../api/_app/webhooks/test-message.ts'
import { webhookEvents, webhookInputSchema } from '../../core/config/webhook.ts'
import { createWebhooks, type WebhookStore, type WebhookView } from '../../db/index.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { refuseNewerSchema } from '../config-session.ts'
import { describeIssue } from '../describe-issue.ts'
import { exitCodes } from '../errors.ts'
import { commandLine } from '../next-step.ts'
import { quoteWord } from '../redact.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { tellWaiting } from '../tell-waiting.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTable } from '../ui/table.ts'

export const webhook: Command = {
	usage: [
		'webhook',
		'webhook add <name> [url] [--event <event>]',
		'webhook test <name>',
		'webhook remove <name>',
	],
	options: {
		event: { value: 'event', repeatable: true, description: `only this: ${webhookEvents.join(', ')}` },
		'url-stdin': { description: 'read the URL from stdin: those of chat services are secrets' },
	},
	examples: [
		'webhook add pager https://alerts.example.com/hook --event keys-cooling --event database-away',
		'webhook test pager',
	],
	details: ['What is sent, and how to check its signature: docs/operations.md.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [action = 'list', ...words] = call.words
	const { database, keyRing } = await call.openSession()
	const store = createWebhooks(database, keyRing)
	if (action === 'list' && words.length === 0) return list(call, await store.list())
	if (action !== 'list') await refuseNewerSchema(database)
	if (action === 'add') return add(call, store, words)
	const [name, ...rest] = words
	if (!['test', 'remove'].includes(action) || name === undefined || rest.length > 0)
		throw usageError('webhook takes: list, add <name> [url], test <name>, remove <name>')
	const found = await find(store, name)
	return action === 'test' ? test(call, store, found) : remove(call, store, found)
}

async function find(store: WebhookStore, word: string): Promise<WebhookView> {
	const webhooks = await store.list()
	const found = webhooks.find(({ id, name }) => id === word || name.toLowerCase() === word.toLowerCase())
	if (found) return found
	const names = webhooks.map(({ name }) => name).join(', ')
	throw notFoundError(
		`there is no webhook ${quoteWord(word)}`,
		names === '' ? `add one: ${programMark} webhook add <name> <url>` : `there are: ${names}`,
	)
}

const fits = [{ least: 10 }, { least: 20 }, { leaves: 1 }, { least: 16 }]

function list(call: CommandCall, webhooks: readonly WebhookView[]): CommandResult {
	const rows = webhooks.map(webhook => [
		{ text: toOneLine(webhook.name) },
		{ text: webhook.url },
		{ text: webhook.enabled ? webhook.events.join(', ') : call.texts.states.paused },
		{ text: describeLast(call, webhook) },
	])
	return {
		data: { webhooks },
		lines: rows.length === 0 ? describeNone(call) : formatTable(rows, call.io.columns, fits),
	}
}

function describeLast({ texts }: CommandCall, { lastAt, lastStatus, lastError }: WebhookView): string {
	if (lastError !== '') return texts.sayFault(lastError)
	return texts.say(lastAt === 0 ? 'never sent' : `sent, ${lastStatus}`)
}

function describeNone(call: CommandCall): string[] {
	const { say } = call.texts
	const add = commandLine(call, 'webhook', 'add', '<name>', '<url>')
	return [say('nobody is told of incidents'), say(`next: ${add}`)]
}

async function add(call: CommandCall, store: WebhookStore, words: readonly string[]): Promise<CommandResult> {
	const [name, typed, ...rest] = words
	const url = call.options.has('url-stdin') ? (await call.io.readInput()).trim() : typed
	if (name === undefined || url === undefined || rest.length > 0)
		throw usageError('webhook add takes a name and a URL: webhook add <name> <url>')
	const events = call.options.list('event')
	const input = webhookInputSchema.safeParse({ name, url, ...(events.length > 0 && { events }) })
	if (!input.success) {
		const problems = input.error.issues.map(
			issue => `${String(issue.path[0] ?? 'webhook')}: ${describeIssue(issue)}`,
		)
		throw usageError([...new Set(problems)].join('\n'))
	}
	const { id, secret } = await store.add(input.data)
	const { say } = call.texts
	return {
		data: { webhook: { id, name }, secret },
		lines: [
			call.style.good(say(`${toOneLine(name)} will be told of ${input.data.events.join(', ')}`)),
			say(`its messages are signed with ${secret}`),
			say('keep this secret: it is not shown again'),
		],
	}
}

async function test(call: CommandCall, store: WebhookStore, found: WebhookView): Promise<CommandResult> {
	const transport = createNodeTransport()
	try {
		const means = { transport, clock, userAgent: `claude-proxy/${packageJson.version}` }
		const sending = sendTestMessage(store, means, found.id, random)
		const result = await tellWaiting(call, `waiting for ${found.url} …`, sending)
		if (!result) throw notFoundError('this webhook cannot be opened', 'remove it and add it anew')
		const { ok, status, error, ms } = result
		const { say } = call.texts
		return {
			data: { webhook: { id: found.id, name: found.name }, ...result },
			lines: [
				ok
					? call.style.good(say(`taken with ${status} after ${ms} ms`))
					: call.style.bad(call.texts.sayFault(error)),
			],
			...(!ok && { exitCode: exitCodes.failed }),
		}
	} finally {
		transport.close()
	}
}

async function remove(call: CommandCall, store: WebhookStore, found: WebhookView): Promise<CommandResult> {
	await store.remove(found.id)
	return {
		data: { webhook: { id: found.id, name: found.name } },
		lines: [call.style.good(call.texts.say(`${toOneLine(found.name)} is told no more`))],
	}
}
