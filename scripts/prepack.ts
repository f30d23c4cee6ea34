import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bundleCli } from './lib/bundle.ts'
import { buildAdmin } from './lib/ensure-admin.ts'
import { builtAdmin, projectRoot } from './lib/layout.ts'
import { listFiles } from './lib/publish.ts'

/**
 * Before `npm pack` and `npm publish`: builds what the package runs, and takes away what is left of earlier builds,
 * which stays there otherwise for processes that still run it.
 */
const startedAt = Date.now()
await bundleCli(projectRoot)
await buildAdmin(projectRoot, { force: true })
for (const folder of [join(projectRoot, 'dist/cli'), builtAdmin(projectRoot)]) {
	for (const file of listFiles(folder).map(name => join(folder, name))) {
		if (statSync(file).mtimeMs < startedAt - 1000) rmSync(file)
	}
}
