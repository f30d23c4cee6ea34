export const connect = {
	title: 'Connect',
	purpose: 'Point Claude Code and other clients at this server.',
	snippets: 'Tell a client where to send its requests',
	clients: 'Client',
	terminal: 'Terminal',
	why: {
		'claude-code':
			'Put this into the file ~/.claude/settings.json. If the file exists, add the lines of env to it.',
		shell: 'Run these lines in a terminal, then start Claude Code or another client in it.',
		vscode:
			'For the Claude Code extension: open the user settings as JSON and add these. It also reads ~/.claude/settings.json.',
		sdk: 'Anthropic’s SDKs take the address and the key when a client is made.',
		curl: 'One request by hand, to see that it works.',
	},
	form: 'Form',
	baseUrl: 'Base URL',
	baseUrlHint: 'Where clients reach this server.',
	accessKey: 'Access key',
	accessKeyHint: 'Completes what you copy; never leaves this tab.',
	accessKeyPlaceholder: 'value of PROXY_ACCESS_KEY',
	keyMissing: 'Words stand for the access key: replace them, or paste the key above.',
	keyCopied: 'The key is shown by its mask here. What you copy has all of it.',
	quiet: 'Nothing to anyone else',
	quietHint: 'Turns off telemetry, error reports and update checks of Claude Code.',
	named: 'Name the models of the upstream',
	namedHint: (name: string) =>
		`Claude Code then asks for the models of ${name} by their own names, and shows them. Otherwise its model map does that here.`,
	notes: {
		heading: 'Good to know',
		noVersion: 'The base URL has no /v1: clients add it.',
		ownFile:
			'Use the file in your home folder. A settings file of a project may be committed, and the key with it.',
		session: 'They last as long as the terminal. For always, put them into the profile of your shell.',
		reload: 'Reload the window afterwards: the extension reads them when it starts.',
		apiKey:
			'If ANTHROPIC_API_KEY is set elsewhere, set it to nothing: Claude Code would prefer it to the token.',
		whereKey:
			'The access key is the value of PROXY_ACCESS_KEY, in the file .env of claude-proxy or in the environment of your deployment. It is not a key of an upstream.',
		optional: 'Optional variables',
		variables: {
			discovery: 'Claude Code then lists the models that this server offers in /model.',
			attribution:
				'For models on your own computer: without a line that changes with each request, they need not read the whole prompt again.',
		},
	},
	test: {
		title: 'Try it from here',
		detail: 'Sends a short hello through the proxy, as a client would. It costs a few tokens.',
		send: 'Send a test request',
		answered: (name: string, time: string) => `${name} answered in ${time}`,
	},
	first: {
		title: 'First request',
		waiting: 'Waiting for your first request…',
		hint: 'Ask the client something. It appears here within seconds; tests from this page do not count.',
		before: (client: string) => `The last one before came from ${client}.`,
		unknownClient: 'an unnamed client',
		arrived: 'Connected: it works.',
		arrivedFailed: 'A request arrived, but it failed.',
		open: 'Look at it',
		again: 'Wait for another',
	},
}
