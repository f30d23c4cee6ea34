import ts from 'typescript'
import { listUpstreamFolders } from './imports.ts'
import { at, isTest, type Source, type Violation, visitNodes } from './source.ts'

const runtimeGlobals = new Set([
	'process',
	'console',
	'Buffer',
	'performance',
	'setTimeout',
	'setInterval',
	'setImmediate',
	'fetch',
])
const impureCalls = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'])

/** The core has no clock, no randomness and no runtime of its own: core/ports.ts brings them in. */
export function checkPurity(source: Source): Violation[] {
	if (!source.path.startsWith('core/') || isTest(source.path)) return []
	const violations: Violation[] = []
	visitNodes(source, node => {
		const name = readImpurity(node)
		if (name !== undefined) violations.push(`${at(source, node)}  core must not use ${name}`)
	})
	return violations
}

function readImpurity(node: ts.Node): string | undefined {
	if (ts.isPropertyAccessExpression(node)) {
		const name = `${node.expression.getText()}.${node.name.text}`
		return impureCalls.has(name) ? name : undefined
	}
	if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
		return 'new Date()'
	}
	return ts.isIdentifier(node) && runtimeGlobals.has(node.text) && isValueReference(node)
		? node.text
		: undefined
}

/** `process` the global, not `x.process`, `{ process: 1 }` or the name of something declared here. */
function isValueReference(node: ts.Identifier): boolean {
	const { parent } = node
	if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false
	return !('name' in parent && parent.name === node)
}

/** What is true of one upstream type only belongs in its folder. */
export function checkNeutralProxy(source: Source, upstreamTypes: ReadonlySet<string>): Violation[] {
	if (!source.path.startsWith('core/proxy/') || isTest(source.path)) return []
	const violations: Violation[] = []
	visitNodes(source, node => {
		if (ts.isStringLiteralLike(node) && upstreamTypes.has(node.text)) {
			violations.push(`${at(source, node)}  core/proxy must not name the upstream type '${node.text}'`)
		}
	})
	return violations
}

/** Whoever knows one upstream type knows where to look in all of them. */
export function checkUpstreamFiles(paths: readonly string[], expected: readonly string[]): Violation[] {
	return [...listUpstreamFolders(paths)].flatMap(folder =>
		expected
			.map(file => `core/upstreams/${folder}/${file}`)
			.filter(file => !paths.includes(file))
			.map(file => `${file}:1  every upstream type has this file`),
	)
}

const mayBeLong = /^db\/migrations\/|^core\/presets\//

export function checkSize(source: Source, limit: number): Violation[] {
	const lines = source.text.split('\n').length - 1
	if (lines <= limit || mayBeLong.test(source.path)) return []
	return [`${source.path}:${limit + 1}  ${lines} lines; at most ${limit}`]
}

const testFunctions = new Set(['it', 'test', 'describe', 'suite'])
const testModifiers = new Set(['skip', 'only', 'todo', 'fails'])

/** A test that does not run proves nothing. */
export function checkTestsRun(source: Source): Violation[] {
	if (!source.path.endsWith('.test.ts')) return []
	const violations: Violation[] = []
	visitNodes(source, node => {
		if (!ts.isPropertyAccessExpression(node) || !testModifiers.has(node.name.text)) return
		const name = node.expression.getText().split('.')[0] ?? ''
		if (testFunctions.has(name))
			violations.push(`${at(source, node)}  ${name}.${node.name.text} hides a test`)
	})
	return violations
}

const leftovers = new RegExp(
	`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b|@ts-(ignore|nocheck)`,
)

/** Open ends belong into the issue tracker. */
export function checkLeftovers(source: Source): Violation[] {
	return source.text.split('\n').flatMap((line, index) => {
		const found = leftovers.exec(line)
		return found ? [`${source.path}:${index + 1}  ${found[0]} left in the source`] : []
	})
}
