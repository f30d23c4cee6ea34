/** Where clients on this computer find a proxy that listens there. */
export function toAddress(host: string, port: number): string {
	const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
	return `http://${name}:${port}`
}
