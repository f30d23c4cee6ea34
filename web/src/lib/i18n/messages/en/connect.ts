export const connect = {
	title: 'Connect',
	purpose: 'Point Claude Code and other tools at this server.',
	claudeCode: 'Connect Claude Code',
	why: 'Put this into the file ~/.claude/settings.json, or set it in your terminal.',
	form: 'Form of the settings',
	settingsFile: 'settings.json',
	shell: 'Terminal',
	accessKey: (placeholder: string) =>
		`Replace ${placeholder} with the access key: the value of PROXY_ACCESS_KEY in the file .env of claude-proxy, or in the environment variables of your deployment. It is not a key of an upstream.`,
	otherTools: 'Other tools and SDKs take the same two values as base URL and API key.',
}
