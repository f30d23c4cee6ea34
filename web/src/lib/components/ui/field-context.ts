import { getContext, setContext } from 'svelte'

/** What a Field tells the control inside it: its id, what describes it, whether it is wrong. */
export interface FieldState {
	readonly id: string
	readonly describedBy: string | undefined
	readonly invalid: boolean
	readonly required: boolean
}

const fieldKey = Symbol('field')

export const provideField = (state: FieldState) => setContext(fieldKey, state)

/** Undefined outside a Field: the control then needs an `aria-label` of its own. */
export const useField = () => getContext<FieldState | undefined>(fieldKey)

/** Attributes for the control of a Field. */
export function describeControl(field: FieldState | undefined) {
	return {
		id: field?.id,
		'aria-describedby': field?.describedBy,
		'aria-invalid': field?.invalid ? ('true' as const) : undefined,
		'aria-required': field?.required ? ('true' as const) : undefined,
	}
}
