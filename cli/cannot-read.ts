/** Why a file cannot be read, in words; the system's code where there are none. */
export function describeUnreadable(path: string, error: unknown): string {
	const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
	if (reason === 'ENOENT') return `there is no file ${path}`
	if (reason === 'EISDIR') return `${path} is a folder`
	if (reason === 'EACCES' || reason === 'EPERM') return `${path} may not be read by this user`
	return `${path} cannot be read (${reason})`
}
