import type { Preset } from '../../core/presets/preset.ts'

/** What commands did, and what they ask: they speak English, and the wizard may not. */
export interface CommandTexts {
	failed: string
	migrated: string
	added(name: string): string
	used(name: string): string
	strategy(name: string): string
	changed(name: string): string
	removed(name: string): string
	addedKeys(name: string): string
	cleared: string
	keys: Readonly<Record<'pause' | 'resume' | 'top' | 'remove', (mask: string) => string>>
	removeIt(name: string, keyCount: number): string
	foreign: string
	restore(revision: number): string
}

/** Everything that the wizard says, in English. `texts-zh.ts` has the same in Chinese. */
export const english = {
	prompts: {
		yes: 'Yes',
		no: 'No',
		showInstructions: true,
		search: {
			label: 'Search:',
			matches: (count: number) => (count === 1 ? '1 match' : `${count} matches`),
			noMatch: 'Nothing matches',
			help: '↑/↓ to select • Enter: confirm • Type: to search',
		},
	},
	/** Undefined: their own words will do. */
	commands: undefined as CommandTexts | undefined,
	cancelled: {
		nothing: 'Cancelled: nothing was written.',
		skipped: (steps: readonly string[]) => `Cancelled: nothing was written. Skipped: ${steps.join(', ')}.`,
		back: 'Left: nothing was changed.',
	},
	steps: {
		database: 'database',
		accessKey: 'access key',
		upstream: 'upstream',
		keys: 'keys',
		test: 'test',
		models: 'models',
		client: 'Claude Code',
		write: 'writing it all',
	},
	database: {
		question: 'Where should the configuration be kept?',
		file: 'In a file on this computer',
		turso: 'In a Turso database (needed on Vercel)',
		title: 'Database',
		url: 'Database URL',
		urlHint: 'libsql://name-you.turso.io',
		wrongUrl: 'It must start with libsql:, https:, http: or file:',
		token: 'Token of the database (empty if it needs none)',
		connecting: 'Connecting …',
		connected: (label: string, state: string) => `Connected to ${label} (${state})`,
		empty: 'empty',
		schema: (version: number) => `schema ${version}`,
		failed: 'The database could not be reached',
		problem: (_code: string, message: string) => message,
		again: 'Try again',
		other: 'Enter another one',
	},
	accessKey: {
		question: 'Clients need an access key to use this proxy',
		generate: 'Make a random one',
		enter: 'Enter my own',
		own: 'Your access key (at least 16 characters)',
		short: 'At least 16 characters: everyone who guesses it spends your money',
		blank: 'One word of printable characters',
		known: 'Everybody knows this one',
		title: 'Access key',
		present: (place: string) => `there already (${place})`,
		shown: 'Access key: shown this once, kept in .env',
	},
	upstream: {
		question: 'Which service answers?',
		filter: 'type to find one',
		preset: ({ name }: Pick<Preset, 'name' | 'nameZh'>) => name,
		custom: 'Another one: by its URL',
		customHint: 'anything that speaks Anthropic, OpenAI or Gemini',
		groups: {
			official: 'official',
			'coding-plan': 'coding plan',
			aggregator: 'aggregator',
			local: 'on this computer',
		},
		endpoint: 'Which endpoint?',
		recommended: 'recommended',
		types: {
			claude: 'Anthropic-compatible: nothing is converted',
			openai: 'OpenAI-compatible',
			openaiold: 'OpenAI-compatible, older servers',
			gemini: 'Gemini',
			responses: 'OpenAI Responses',
		} as Readonly<Record<string, string>>,
		placeholder: (example: string) => `Your URL, like ${example}`,
		paste: 'Paste its URL, keys, or a whole block of settings',
		pasteHelp: 'any form will do; an empty line ends it',
		noUrl: 'There is no URL in it yet',
		type: 'What does it speak?',
		name: 'What is it to be called?',
		taken: 'There is one of that name already',
		wrong: { name: (problem: string) => problem, baseUrl: (problem: string) => problem },
		calls: (url: string) => `requests will go to POST ${url}`,
		foreign: (mask: string, vendor: string, host: string) =>
			`${mask} looks like a key of ${vendor}, but would go to ${host}. Send it there?`,
	},
	keys: {
		question: (name: string) => `Paste the keys of ${name}`,
		help: 'one or many, any separators; an empty line ends it',
		page: (url: string) => `they are made at ${url}`,
		none: 'Paste at least one key',
		noneNeeded: 'No key needed: an empty line goes on',
		verdicts: {
			new: 'new',
			duplicate: 'duplicate',
			elsewhere: (name: string) => `also a key of ${name}`,
			vendor: (name: string) => `looks like a key of ${name}`,
			wrong: 'no key',
		},
		count: (count: number) => (count === 1 ? '1 key' : `${count} keys`),
	},
	test: {
		running: (mask: string) => `Testing ${mask} …`,
		ok: (ms: number, model: string) => `answered in ${ms} ms by ${model}`,
		problem: (failure: string, message: string) => `${failure.replace('_', ' ')}: ${message}`,
		models: (count: number) => (count === 1 ? '1 model' : `${count} models`),
		failed: 'The test failed. What now?',
		keep: 'Keep it all the same',
		keys: 'Enter other keys',
		url: 'Choose another service or URL',
		again: 'Test again',
		untested: (count: number) => `${count} more not tested`,
	},
	models: {
		question: 'Which models should stand for those of Claude?',
		suggested: (map: string) => `Suggested: ${map}`,
		choose: 'Choose them',
		none: 'None: clients ask for models by their own names',
		large: 'For opus and sonnet',
		small: 'For haiku, which does the small things',
		find: 'type to find one',
		empty: 'It must not be empty',
	},
	client: {
		question: (path: string) => `Let Claude Code use this proxy? (${path})`,
		write: 'Yes, write it (the file as it was is kept)',
		skip: 'No',
		there: 'it points here already',
		broken: (path: string, why: string) => `${path} cannot be edited (${why}). Put this into it by hand:`,
		diff: (path: string) => `What would change in ${path}`,
		written: (path: string) => `wrote ${path}`,
		backup: (path: string) => `the file as it was: ${path}`,
	},
	finish: {
		start: 'All set. Write it, and start the proxy?',
		startNow: 'Write it, and start the proxy now',
		writeOnly: 'Write it',
		ready: (start: string) => `Ready. Start it with: ${start}`,
		next: (status: string) => `Then look at it with: ${status}`,
		claude: 'and run claude in another terminal',
	},
	menu: {
		question: 'What do you want to do?',
		summary: (current: string, count: number) =>
			`${count === 1 ? '1 upstream' : `${count} upstreams`}, ${current} answers`,
		noCurrent: 'none',
		actions: {
			add: 'Add an upstream',
			edit: 'Edit an upstream',
			keys: 'Its keys',
			use: 'Choose which one answers',
			balance: 'Choose how its keys take turns',
			test: 'Test',
			status: 'Status',
			history: 'History, and undo',
			connect: 'Connect Claude Code',
			doctor: 'Look for problems',
			serve: 'Start the proxy',
			quit: 'Quit',
		},
		which: 'Which upstream?',
		currentHint: 'current',
		useNow: (name: string) => `Answer requests with ${name} from now on?`,
		field: 'What of it?',
		removeIt: 'Remove it',
		/** Fields as they are called here, where that is not by their option. */
		fields: {} as Readonly<Record<string, string>>,
		strategy: 'How should its keys take turns?',
		strategies: {
			failover: 'the first one that is ready',
			'round-robin': 'each in turn',
			random: 'any that is ready',
		},
		keyActions: {
			list: 'Show them',
			add: 'Add some',
			test: 'Test one',
			pause: 'Pause one',
			resume: 'Use a paused one again',
			top: 'Try one first',
			clear: 'End all cooldowns',
			remove: 'Remove one',
		},
		whichKey: 'Which key?',
		testWhat: 'Test what?',
		testAll: 'All that are enabled',
		revisions: 'Bring which one back?',
		keepAll: 'None: back',
		solve: 'Solve what can be solved without a risk?',
		bye: 'Bye.',
	},
}

export type WizardTexts = typeof english
