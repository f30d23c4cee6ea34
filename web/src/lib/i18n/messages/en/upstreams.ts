export const upstreams = {
	title: 'Upstreams',
	purpose: 'Who answers the requests, with which keys, in which order.',
	loading: 'Reading the upstreams',
	loadFailed: 'The upstreams could not be read.',
	concern: {
		database: 'The database does not answer',
		databaseAdvice:
			'Check TURSO_DATABASE_URL and TURSO_AUTH_TOKEN, or for a local file that its folder is writable. A configuration that was read before stays in use meanwhile.',
		chooseUpstream: 'No upstream is current',
		chooseUpstreamAdvice:
			'Requests are answered 503 until one is chosen. On the command line, list them, then choose one by name or number:',
		upstreamFailing: 'The current upstream does not work as it should',
		upstreamFailingAdvice:
			'Its keys may be refused, used up or cooling down, or it is switched off. Have a look, then add a key or choose another upstream:',
	},
	steps: {
		heading: 'Getting started',
		where: 'Run the commands in the folder of claude-proxy, with the same .env or environment.',
		done: 'Done',
		now: 'Next',
		later: 'Later',
		upstream: 'Add an upstream',
		upstreamWhy:
			'The service that answers: Anthropic, OpenAI, Gemini, or anything that speaks like one of them.',
		upstreamKinds: 'Kind of upstream',
		upstreamOwn: 'Choose any name. For a compatible service, replace the URL with its base URL.',
		key: 'Give it a key',
		keyWhy: 'Your API key at that service. Add several and they share the work.',
		shell: 'Terminal',
	},
	/** By strategy: its name, and one sentence. */
	strategies: {
		failover: 'Failover: first working key',
		'round-robin': 'Round robin: each key in turn',
		random: 'Random: any working key',
	},
	starters: { anthropic: 'Anthropic', openai: 'OpenAI', gemini: 'Gemini' },
}
