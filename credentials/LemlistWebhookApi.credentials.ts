/**
 * The credential: an API key of a lemlist team, and what salts the secret of its webhooks. Follows
 * lemlist's documentation of authentication: HTTP Basic, no user name, the key as password.
 */
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

const TROUBLE =
	'lemlist has a problem on its side. The key may be fine: try again in a few minutes.';
const REDIRECTED =
	'lemlist sent the request on to another address. Make a new credential. If that changes nothing, ask whoever runs this n8n about its proxy.';

/** n8n tells the test of a credential nothing but the status, so what lemlist is known to say with it stands here. */
const TEST_MESSAGES: ReadonlyArray<readonly [status: number, message: string]> = [
	...[301, 302, 303, 307, 308].map((status) => [status, REDIRECTED] as const),
	[
		401,
		'lemlist rejected the API key. Create a new one in lemlist under Settings > Integrations and paste it here.',
	],
	[
		402,
		'lemlist\'s plan of this team does not include this, or has run out (lemlist\'s words: "route is available starting emailPro plan"). Change the plan in lemlist, or use the API key of a team whose plan includes it.',
	],
	[
		403,
		'lemlist denied access: the user of this API key is blocked or not allowed to do this. Ask the owner of the lemlist team, or use the API key of another user.',
	],
	[
		404,
		'lemlist has nothing at the address that this credential asks. Try again in a few minutes. If that does not help, make a new credential.',
	],
	[
		407,
		"A proxy between n8n and lemlist wants n8n to log in. Ask whoever runs this n8n to set the proxy's user name and password.",
	],
	[408, TROUBLE],
	[425, TROUBLE],
	[
		429,
		'lemlist is turning requests away because your team sends too many. The key may be fine: try again in a minute.',
	],
	[
		511,
		'The network that n8n is in wants somebody to log in before anything gets through to lemlist. Ask whoever runs this n8n.',
	],
	...[
		400, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428,
		431, 451, 499,
	].map(
		(status) =>
			[
				status,
				`lemlist refused the request (HTTP ${String(status)}). Create a new API key in lemlist under Settings > Integrations and try that. If it changes nothing, ask the owner of the lemlist team.`,
			] as const,
	),
	...[
		500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 520, 521, 522, 523, 524, 525, 526, 527, 529,
		530, 598, 599,
	].map((status) => [status, TROUBLE] as const),
];

const NO_TEAM =
	'The answer did not come from lemlist. A proxy or a maintenance page may be in the way: try again in a few minutes.';

/** What lemlist knows us by: it turns requests without a name of their own away. Kept equal to package.json by a test. */
export const USER_AGENT = 'n8n-nodes-lemlist/1.0.0';

const TEST_PATH = '/team';
const TEST_LIMIT_MS = 10_000;

export class LemlistWebhookApi implements ICredentialType {
	name = 'lemlistWebhookApi';

	displayName = 'Lemlist Webhook API';

	icon: Icon = { light: 'file:../icons/lemlist.svg', dark: 'file:../icons/lemlist.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-lemlist/n8n-nodes-lemlist#set-up-in-five-steps';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'In lemlist, open Settings > Integrations and choose Generate. Copy it at once: lemlist shows the key only once.',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Leave empty: a secret is made for you. To change it, enter any new text here.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'hidden',
			default: 'https://api.lemlist.com/api',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ ($credentials.baseUrl || "https://api.lemlist.com/api").trim() }}',
			url: TEST_PATH,
			disableFollowRedirect: true,
		},
		rules: [
			...TEST_MESSAGES.map(([value, message]) => ({
				type: 'responseCode' as const,
				properties: { value, message },
			})),
			// n8n calls any answer with status 200 good, also the page of a proxy: that names no team.
			{
				type: 'responseSuccessBody',
				properties: { key: '_id', value: undefined, message: NO_TEAM },
			},
		] as NonNullable<ICredentialTestRequest['rules']>,
	};

	/** A function, not a declaration: n8n cannot evaluate expressions in the check of the hooks. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const apiKey = typeof credentials.apiKey === 'string' ? credentials.apiKey.trim() : '';
		const authorization = `Basic ${Buffer.from(`:${apiKey}`).toString('base64')}`;
		return await Promise.resolve({
			...request,
			...limitOf(request),
			headers: { ...nameFor(request), ...request.headers, Authorization: authorization },
		});
	}
}

/** n8n gives the test of a credential five minutes of silence, whatever time-out its request names. */
function limitOf({
	url,
	abortSignal,
}: IHttpRequestOptions): Pick<IHttpRequestOptions, 'abortSignal'> {
	return url === TEST_PATH && abortSignal === undefined
		? { abortSignal: AbortSignal.timeout(TEST_LIMIT_MS) }
		: {};
}

/** The trigger leaves this to the credential; n8n 1.x sends the requests of the HTTP Request node without a name. */
function nameFor({ headers = {} }: IHttpRequestOptions): IHttpRequestOptions['headers'] {
	return Object.keys(headers).some((header) => header.toLowerCase() === 'user-agent')
		? {}
		: { 'User-Agent': USER_AGENT };
}
