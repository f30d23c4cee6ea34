import { posix } from 'node:path'
import ts from 'typescript'
import { at, isTest, type Source, type Violation, visitNodes } from './source.ts'

interface Import {
	specifier: string
	/** Path from the project's root for relative imports. */
	target: string | undefined
	typeOnly: boolean
	node: ts.Node
}

/** Part of the project -> what its code may import. The longest matching prefix counts. */
const allowedParts: Record<string, readonly string[]> = {
	'core/config': ['core/config'],
	'core/keys': ['core/keys', 'core/config'],
	'core/presets': ['core/presets', 'core/config'],
	'core/messages': ['core/messages'],
	'core/upstreams': ['core/upstreams', 'core/messages', 'core/config'],
	'core/ports.ts': ['core/config', 'core/messages', 'core/upstreams'],
	'core/proxy': ['core'],
	core: ['core'],
	db: ['db', 'core'],
	'api/_app': ['api/_app', 'db', 'core', 'package.json'],
	'api/index.ts': ['dist/api'],
	cli: ['cli', 'api/_app', 'db', 'core', 'package.json'],
	'web/vite.config.ts': ['scripts/lib'],
	web: ['web', 'core'],
	scripts: ['scripts', 'cli', 'api/_app', 'db', 'core', 'test/support'],
	bench: ['bench', 'cli', 'api/_app', 'db', 'core', 'test/support', 'test/browser', 'scripts'],
}

/** Part -> what it may import the types of, beyond that. */
const allowedTypes: Record<string, readonly string[]> = { web: ['api/_app'], scripts: ['web/src/lib'] }

const corePackages = new Set(['zod', 'eventsource-parser'])

/** The dependency direction: cli -> api/_app -> db -> core, and the order inside core. */
export function checkDirection(source: Source): Violation[] {
	const part = longestPrefix(Object.keys(allowedParts), source.path)
	if (part === undefined || isTest(source.path)) return []
	return listImports(source).flatMap(found => {
		if (found.target === undefined || isAllowed(part, found)) return []
		return [`${at(source, found.node)}  ${part} must not import ${found.target}`]
	})
}

function isAllowed(part: string, found: Import): boolean {
	const types = found.typeOnly ? (allowedTypes[part] ?? []) : []
	const allowed = [...(allowedParts[part] ?? []), ...types]
	return allowed.some(prefix => isBelow(found.target ?? '', prefix))
}

/** The core depends on two packages and on no runtime. */
export function checkCorePackages(source: Source): Violation[] {
	if (!isBelow(source.path, 'core') || isTest(source.path)) return []
	return listImports(source)
		.filter(found => found.target === undefined && !corePackages.has(found.specifier))
		.map(found => `${at(source, found.node)}  core must not import ${found.specifier}`)
}

/** Upstream types know the contract and what they share, never each other. */
export function checkUpstreamIsolation(source: Source): Violation[] {
	const own = upstreamFolder(source.path)
	if (own === undefined || isTest(source.path)) return []
	return listImports(source).flatMap(found => {
		const other = upstreamFolder(found.target ?? '')
		if (other === undefined || other === own || other === 'shared') return []
		return [`${at(source, found.node)}  upstream type ${own} must not import ${other}`]
	})
}

const upstreamFolder = (path: string) => /^core\/upstreams\/([^/]+)\//.exec(path)?.[1]

/** The folders of upstream types: those of core/upstreams but `shared`. */
export function listUpstreamFolders(paths: readonly string[]): Set<string> {
	const names = paths.map(upstreamFolder).filter(name => name !== undefined)
	return new Set(names.filter(name => name !== 'shared'))
}

/** What web takes from elsewhere at run time must count as a source of the admin, or its build goes stale unnoticed. */
export function checkAdminSources(source: Source, adminSources: readonly string[]): Violation[] {
	if (!isBelow(source.path, 'web/src') || isTest(source.path)) return []
	return listImports(source).flatMap(({ target, typeOnly, node }) => {
		if (target === undefined || typeOnly || adminSources.some(prefix => isBelow(target, prefix))) return []
		return [`${at(source, node)}  ${target} is missing in adminSources (scripts/lib/layout.ts)`]
	})
}

function listImports(source: Source): Import[] {
	const imports: Import[] = []
	visitNodes(source, node => {
		const found = readImport(node)
		if (found === undefined || !ts.isStringLiteralLike(found.from)) return
		const specifier = found.from.text
		const target = specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier) : undefined
		imports.push({ specifier, target, typeOnly: found.typeOnly, node })
	})
	return imports
}

function readImport(node: ts.Node): { from: ts.Node; typeOnly: boolean } | undefined {
	if (ts.isImportDeclaration(node)) {
		return {
			from: node.moduleSpecifier,
			typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
		}
	}
	if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
		return { from: node.moduleSpecifier, typeOnly: node.isTypeOnly }
	}
	if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
		return { from: node.argument.literal, typeOnly: true }
	}
	if (
		ts.isCallExpression(node) &&
		node.expression.kind === ts.SyntaxKind.ImportKeyword &&
		node.arguments[0]
	) {
		return { from: node.arguments[0], typeOnly: false }
	}
	return undefined
}

function longestPrefix(prefixes: readonly string[], path: string): string | undefined {
	return prefixes.filter(prefix => isBelow(path, prefix)).sort((a, b) => b.length - a.length)[0]
}

const isBelow = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
