import type { Command } from '../command.ts'

export interface CommandEntry {
	summary: string
	/** Whether it changes the configuration: then it takes the options for changes. */
	changes?: true
	load(): Promise<Command>
}

/** Every command. Modules are loaded when called: what one command needs must not slow another down. */
export const commands: Readonly<Record<string, CommandEntry>> = {
	add: { summary: 'add an upstream', changes: true, load: async () => (await import('./add.ts')).add },
	key: {
		summary: "add, list, remove, pause an upstream's keys",
		changes: true,
		load: async () => (await import('./key.ts')).key,
	},
	list: { summary: 'all upstreams, one per line', load: async () => (await import('./list.ts')).list },
	show: {
		summary: 'everything about one upstream, or about all',
		load: async () => (await import('./show.ts')).show,
	},
	use: {
		summary: 'answer requests with this upstream',
		changes: true,
		load: async () => (await import('./use.ts')).use,
	},
	update: {
		summary: 'change an upstream',
		changes: true,
		load: async () => (await import('./update.ts')).update,
	},
	map: {
		summary: 'which model to ask an upstream for, and a test of it',
		changes: true,
		load: async () => (await import('./map.ts')).map,
	},
	remove: {
		summary: 'remove an upstream and its keys',
		changes: true,
		load: async () => (await import('./remove.ts')).remove,
	},
	balance: {
		summary: 'choose how keys take turns',
		changes: true,
		load: async () => (await import('./balance.ts')).balance,
	},
	test: {
		summary: 'send upstreams a tiny message, and tell how they answer',
		load: async () => (await import('./test.ts')).test,
	},
	move: {
		summary: 'change the order in which upstreams are listed',
		changes: true,
		load: async () => (await import('./move.ts')).move,
	},
	status: {
		summary: 'how it goes: keys, latency, errors; again and again with --watch',
		load: async () => (await import('./status.ts')).status,
	},
	doctor: {
		summary: 'look for problems, and say how to solve them',
		load: async () => (await import('./doctor.ts')).doctor,
	},
	prompt: {
		summary: 'ask a model something, and show the answer as it comes',
		load: async () => (await import('./prompt.ts')).prompt,
	},
	convert: {
		summary: 'show what a request or an answer is converted to; nothing is sent',
		load: async () => (await import('./convert.ts')).convert,
	},
	connect: {
		summary: 'the settings for Claude Code and other clients',
		load: async () => (await import('./connect.ts')).connect,
	},
	models: {
		summary: 'the models that an upstream lists',
		load: async () => (await import('./models.ts')).models,
	},
	presets: {
		summary: 'services that add knows by name',
		load: async () => (await import('./presets.ts')).presets,
	},
	forget: {
		summary: 'forget what refusals taught about an upstream',
		load: async () => (await import('./forget.ts')).forget,
	},
	settings: {
		summary: 'what holds for all upstreams: recording, retention, prices',
		changes: true,
		load: async () => (await import('./settings.ts')).settings,
	},
	logs: {
		summary: 'the latest requests, and those to come with --follow',
		load: async () => (await import('./logs.ts')).logs,
	},
	inspect: {
		summary: 'everything about one request',
		load: async () => (await import('./inspect.ts')).inspect,
	},
	usage: {
		summary: 'requests, tokens and cost by model, upstream, key or time',
		load: async () => (await import('./usage.ts')).usage,
	},
	history: {
		summary: 'what was changed, when, by whom',
		changes: true,
		load: async () => (await import('./history.ts')).history,
	},
	export: {
		summary: 'write the configuration into a file',
		load: async () => (await import('./export.ts')).exportCommand,
	},
	import: {
		summary: "read it from a file, ours or the original's",
		changes: true,
		load: async () => (await import('./import.ts')).importCommand,
	},
	db: {
		summary: 'migrate or check the database, show its state, change its key',
		load: async () => (await import('./database.ts')).database,
	},
	webhook: {
		summary: 'who is told of incidents',
		load: async () => (await import('./webhook.ts')).webhook,
	},
	init: {
		summary: 'make .env and the database, without questions',
		load: async () => (await import('./init.ts')).init,
	},
	completion: {
		summary: 'let the shell complete commands and names',
		load: async () => (await import('./completion.ts')).completion,
	},
	serve: { summary: 'run the proxy and its admin', load: async () => (await import('./serve.ts')).serve },
}
