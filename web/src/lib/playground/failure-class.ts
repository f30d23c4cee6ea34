/** Classes of failures by the error type that a client gets: what is known before the log has the request. */
const classes: Readonly<Record<string, string>> = {
	authentication_error: 'auth',
	permission_error: 'auth',
	billing_error: 'quota',
	rate_limit_error: 'rate_limit',
	overloaded_error: 'server',
	api_error: 'server',
	timeout_error: 'timeout',
	invalid_request_error: 'client',
	not_found_error: 'client',
	request_too_large: 'client',
}

export const classOfError = (type: string) => classes[type] ?? 'server'
