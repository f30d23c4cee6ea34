import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from './lib/layout.ts'

/** Files that a README names: links, pictures, and pictures for a theme. */
const named = /\]\((?!https?:|#)([^)\s#]+)|(?:src|srcset)="(?!https?:)([^"]+)"/g

it.each(['README.md', 'README.zh-CN.md'])('%s names files that exist', name => {
	const text = readFileSync(join(projectRoot, name), 'utf8')
	const paths = [...text.matchAll(named)].map(([, link, source]) => link ?? source ?? '')
	expect(paths).toContain('docs/conversion.md')
	expect(paths.filter(path => !existsSync(join(projectRoot, path)))).toEqual([])
})
