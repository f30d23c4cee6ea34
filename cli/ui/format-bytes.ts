export function formatBytes(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`
	return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
