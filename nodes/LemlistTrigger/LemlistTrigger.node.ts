/**
 * The Lemlist Events Trigger: registers lemlist webhooks while its workflow is active, makes sure
 * that they stay, and starts the workflow for each genuine event.
 */
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { checkExists, checkOf, create, remove } from './activation';
import { listCampaigns } from './campaigns';
import { CREDENTIAL_TYPE } from './lemlistApi';
import { PARAMETERS } from './parameters';
import { receive } from './reception';
import { CHECK_INTERVAL_SECONDS, checkSchedule } from './schedule';

export class LemlistTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Lemlist Events Trigger',
		name: 'lemlistTrigger',
		icon: { light: 'file:../../icons/lemlist.svg', dark: 'file:../../icons/lemlist.dark.svg' },
		group: ['trigger'],
		// Not 1: for each call of a webhook node of version 1, n8n evaluates an expression. That takes milliseconds; all that we do takes microseconds.
		version: 2,
		subtitle: '={{ [].concat($parameter["events"]).length > 2 ? [].concat($parameter["events"]).length + " events" : [].concat($parameter["events"]).join(", ").replace("*", "all events") }}',
		description: 'Starts the workflow when something happens in lemlist: a reply, an open, a bounce, an accepted invite and 70 other events',
		eventTriggerDescription: 'Waiting for an event from lemlist',
		activationMessage: 'From now on your workflow starts for each of the picked events in lemlist.',
		defaults: { name: 'Lemlist Events Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		triggerPanel: {
			header: 'Pull in an event from lemlist',
			executionsHelp: {
				inactive: 'While building, press <b>Execute step</b>, then do in lemlist what you want to react to. Marking a lead as interested or pausing a lead sends an event at once. When the workflow is done, switch it on: then it runs by itself.',
				active: 'While building, press <b>Execute step</b>, then do in lemlist what you want to react to. Marking a lead as interested or pausing a lead sends an event at once. The workflow is on, so it also runs by itself: see its executions.',
			},
			activationHint: 'When the workflow is done, switch it on: then it runs by itself for each event.',
		},
		properties: PARAMETERS,
	};

	methods = {
		loadOptions: {
			async getCampaigns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await listCampaigns(this);
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await checkExists(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await create(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await remove(this);
				return true;
			},
		},
	};

	/** Starts the check of the hooks; n8n calls it beside checkExists and create, and at every start. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const check = checkOf(this);
		this.helpers.registerCron({ expression: checkSchedule(CHECK_INTERVAL_SECONDS, this.getNode().id) }, () => {
			void check.run();
		});
		return await Promise.resolve({ closeFunction: check.end });
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}

	/** Hands the items of `webhook` on. With it, n8n waits for a test event in a manual run. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await Promise.resolve([this.getInputData()]);
	}
}
