// Runs before anything is drawn, so that a chosen theme or density does not flash. A file of its own: the content
// security policy allows no inline script. The keys are those of src/lib/preferences/preferences.svelte.ts.
try {
	const root = document.documentElement
	const theme = localStorage.getItem('claude-proxy.theme')
	if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
	if (localStorage.getItem('claude-proxy.density') === 'compact') root.dataset.density = 'compact'
	const locale = localStorage.getItem('claude-proxy.locale')
	if (locale) {
		root.lang = locale
		root.dataset.locale = locale
	}
} catch {
	// Storage is switched off: the system's theme it is.
}
