import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The fields of each block or object of a request; what stands at the top is of the kind `request`. */
export type FieldsByKind = ReadonlyMap<string, ReadonlySet<string>>

export interface SdkTypes {
	fields: FieldsByKind
	stopReasons: ReadonlySet<string>
}

/** The same wherever they stand. */
const everywhere = new Set(['type', 'cache_control'])

/** Members whose objects are told apart by their `type`; all others have the name of their member. */
const namedByType = new Set(['content', 'system', 'tools', 'tool', 'edits', 'definition'])

const modules = ['messages/messages', 'beta/messages/messages'].map(name =>
	fileURLToPath(import.meta.resolve(`@anthropic-ai/sdk/resources/${name}`)).replace(/\.m?js$/, '.d.ts'),
)

/** Reads the types of a request, beta included, out of the declarations of `@anthropic-ai/sdk`. */
export function readSdkTypes(): SdkTypes {
	const program = ts.createProgram(modules, {
		strict: true,
		skipLibCheck: true,
		types: [],
		module: ts.ModuleKind.NodeNext,
		target: ts.ScriptTarget.ESNext,
	})
	const reader = new FieldReader(program.getTypeChecker())
	const stopReasons = new Set<string>()
	for (const name of modules) {
		const exported = readExports(program, name)
		reader.read(exported('MessageCreateParamsBase'), 'request')
		const reasons = exported(name.includes('/beta/') ? 'BetaStopReason' : 'StopReason')
		for (const reason of reasons.isUnion() ? reasons.types : [reasons]) {
			if (reason.isStringLiteral()) stopReasons.add(reason.value)
		}
	}
	return { fields: reader.fields, stopReasons }
}

/** @throws when the SDK has no such type any more: then it has another name */
function readExports(program: ts.Program, name: string): (type: string) => ts.Type {
	const checker = program.getTypeChecker()
	const file = program.getSourceFile(name)
	const symbol = file && checker.getSymbolAtLocation(file)
	const symbols = symbol ? checker.getExportsOfModule(symbol) : []
	return type => {
		const found = symbols.find(one => one.name === type)
		if (!found) throw new Error(`${name} has no type ${type}`)
		return checker.getDeclaredTypeOfSymbol(found)
	}
}

class FieldReader {
	readonly fields = new Map<string, Set<string>>()
	readonly #checker: ts.TypeChecker
	readonly #seen = new Map<ts.Type, Set<string>>()

	constructor(checker: ts.TypeChecker) {
		this.#checker = checker
	}

	/** @param member the name of the member that holds the value */
	read(type: ts.Type, member: string): void {
		if (type.isUnionOrIntersection()) {
			for (const one of type.types) this.read(one, member)
			return
		}
		const element = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number)
		if (element && this.#checker.isArrayType(type)) this.read(element, member)
		else if (isOfSdk(type)) this.#readObject(type, member)
	}

	#readObject(type: ts.Type, member: string): void {
		const properties = this.#checker.getPropertiesOfType(type)
		const tag = this.#readTag(properties)
		const kind = tag !== undefined && namedByType.has(member) ? tag : member
		const seen = this.#seen.get(type) ?? new Set()
		if (seen.has(kind)) return
		this.#seen.set(type, seen.add(kind))
		if (tag !== undefined && kind !== tag) this.#add(kind, tag)
		const values = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String)
		if (values) this.read(values, kind)
		for (const property of properties) {
			if (!everywhere.has(property.name)) this.#add(kind, property.name)
			// One entry per tool of a toolset, all alike.
			const inner = kind === 'configs' ? kind : property.name
			this.read(this.#checker.getTypeOfSymbol(property), inner)
		}
	}

	/** The value of `type`, with `*` for a date. */
	#readTag(properties: readonly ts.Symbol[]): string | undefined {
		const property = properties.find(({ name }) => name === 'type')
		const type = property && this.#checker.getTypeOfSymbol(property)
		return type?.isStringLiteral() ? type.value.replace(/_\d{8}$/, '_*') : undefined
	}

	#add(kind: string, field: string): void {
		const known = this.fields.get(kind) ?? new Set()
		this.fields.set(kind, known.add(field))
	}
}

function isOfSdk(type: ts.Type): boolean {
	if (!(type.flags & ts.TypeFlags.Object)) return false
	const declared = type.symbol?.declarations?.[0]?.getSourceFile().fileName
	return declared?.includes('/@anthropic-ai/sdk/') ?? false
}
