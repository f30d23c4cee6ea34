/** The key is made up; only its mask is ever seen. */
export const madeUpKey = (prefix: string, place: number) =>
	`${prefix}madeup${String(place).padStart(4, '0')}shots${'0'.repeat(20)}${(place * 7919).toString(16).padStart(4, '0')}`
