import type { Command } from '../command.ts'

export interface CommandEntry {
	summary: string
	load(): Promise<Command>
}

/** Every command. Modules are loaded when called: what one command needs must not slow another down. */
export const commands: Readonly<Record<string, CommandEntry>> = {
	add: { summary: 'add an upstream', load: async () => (await import('./add.ts')).add },
	key: {
		summary: "add, list, remove, pause an upstream's keys",
		load: async () => (await import('./key.ts')).key,
	},
	list: { summary: 'all upstreams, one per line', load: async () => (await import('./list.ts')).list },
	show: {
		summary: 'everything about one upstream, or about all',
		load: async () => (await import('./show.ts')).show,
	},
	use: { summary: 'answer requests with this upstream', load: async () => (await import('./use.ts')).use },
	update: { summary: 'change an upstream', load: async () => (await import('./update.ts')).update },
	map: {
		summary: 'which model to ask an upstream for, and a test of it',
		load: async () => (await import('./map.ts')).map,
	},
	remove: {
		summary: 'remove an upstream and its keys',
		load: async () => (await import('./remove.ts')).remove,
	},
	balance: {
		summary: 'choose how keys take turns',
		load: async () => (await import('./balance.ts')).balance,
	},
	forget: {
		summary: 'forget what refusals taught about an upstream',
		load: async () => (await import('./forget.ts')).forget,
	},
	history: {
		summary: 'what was changed, when, by whom',
		load: async () => (await import('./history.ts')).history,
	},
	db: {
		summary: 'migrate the database, or show its state',
		load: async () => (await import('./database.ts')).database,
	},
	serve: { summary: 'run the proxy and its admin', load: async () => (await import('./serve.ts')).serve },
}
