// Runs before anything is drawn, so that a chosen theme does not flash. A file of its own: the content security
// policy allows no inline script. The key is the one of src/lib/theme/theme.ts.
try {
	const theme = localStorage.getItem('claude-proxy.theme')
	if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
	// Storage is switched off: the system's theme it is.
}
