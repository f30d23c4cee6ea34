/** By the code that the admin API answers, and what can happen before it does. */
export const errors = {
	unexpected: 'Something went wrong on this page.',
	offlineApart: 'Is it still running, and does its ADMIN_ORIGINS name the address of this page?',
	page: {
		commands: 'Find a page',
		diagnostics: 'Diagnostics for a bug report',
		reloadAdvice: 'Loading it again helps when the server was updated meanwhile.',
	},
	codes: {
		invalid: { title: 'The server did not accept this.', advice: '' },
		unauthorized: { title: 'You are not signed in.', advice: 'Sign in and try again.' },
		forbidden: {
			title: 'The server refused this page.',
			advice: 'Open the admin at its own address, or add this address to ADMIN_ORIGINS.',
		},
		'not-found': { title: 'It does not exist any more.', advice: '' },
		conflict: {
			title: 'Somebody else changed this meanwhile.',
			advice: 'Look at the newest state, then make your change again.',
		},
		exists: { title: 'There is one like this already.', advice: '' },
		'too-many-attempts': { title: 'Too many attempts.', advice: 'Wait a moment, then try again.' },
		'database-unavailable': {
			title: 'The database cannot be reached.',
			advice:
				'Requests are still answered with the configuration read last. Check TURSO_DATABASE_URL and TURSO_AUTH_TOKEN.',
		},
		'newer-schema': {
			title: 'The database belongs to a newer version of claude-proxy.',
			advice: 'Update this server.',
		},
		failed: { title: 'The server failed on this.', advice: 'Its log says more, under the request id.' },
		offline: { title: 'The server cannot be reached.', advice: 'Is it still running?' },
		timeout: { title: 'The server took too long to answer.', advice: 'Try again.' },
		foreign: {
			title: 'Something other than claude-proxy answered.',
			advice: 'Look at what stands between this browser and the server.',
		},
	},
}
