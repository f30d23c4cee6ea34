export const settings = {
	title: 'Settings',
	purpose: 'This browser, the proxy, its data.',
	general: {
		title: 'This browser',
		purpose: 'Kept here, not on the server.',
		shortcutsHint: 'Press ? for a list. They are off while you type.',
	},
	about: {
		title: 'About',
		version: 'Version',
		uptime: 'Running for',
		mode: 'Mode',
		database: 'Database',
		databaseOk: (kind: string) => `Connected (${kind})`,
		databaseOkPlain: 'Connected',
		databaseFailing: 'Not answering',
		unknown: 'Not told',
		modes: { development: 'Development', production: 'Production' } as Record<string, string>,
		databases: {
			file: 'local file',
			remote: 'remote',
			turso: 'Turso',
			http: 'remote',
			memory: 'in memory',
		} as Record<string, string>,
	},
}
