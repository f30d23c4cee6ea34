/** Two names that differ in case or in Unicode form only are the same name. */
export function nameKeyOf(name: string): string {
	return name.normalize('NFKC').toLowerCase()
}
