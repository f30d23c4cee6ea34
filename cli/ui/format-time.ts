/** In the reader's time zone: `2026-01-31 09:05:07` */
export function formatTime(at: number): string {
	return new Date(at).toLocaleString('sv-SE')
}
