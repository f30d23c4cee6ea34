/**
 * Entry of the bundle: `claude-proxy …`, and behind every npm script that runs the program. It imports nothing by
 * itself, so that an old Node gets as far as the sentence below.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 19)) await import('./program.ts')
else {
	process.stderr.write(
		`claude-proxy needs Node.js 22.19 or newer; this is ${process.version}: https://nodejs.org/en/download\n`,
	)
	process.exitCode = 1
}
