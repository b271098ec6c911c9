// Loaded into n8n before n8n itself: sends what is meant for api.lemlist.com to the stand-in instead,
// because n8n's built-in Lemlist Trigger knows no other address. Nothing else is changed. Without
// imports, so that Node.js runs it as it is.

const { request: sendPlainly } = process.getBuiltinModule('node:http');
const secure = process.getBuiltinModule('node:https');

const sendSecurely = secure.request.bind(secure);
const standIn = new URL(process.env.LEMLIST_STAND_IN ?? 'http://127.0.0.1');

secure.request = ((...call: Parameters<typeof secure.request>) => {
	const [options] = call;
	const isForLemlist =
		typeof options === 'object' && 'hostname' in options && options.hostname === 'api.lemlist.com';
	if (!isForLemlist) return sendSecurely(...call);
	const { hostname, port } = standIn;
	const redirected = Object.assign({}, options, {
		protocol: 'http:',
		hostname,
		host: hostname,
		port,
		agent: false,
	});
	return sendPlainly(redirected, call.at(-1) as never);
}) as typeof secure.request;
