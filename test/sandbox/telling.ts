// One thing that happened, as the two sides tell of it: its delivery, and its row in GET /activities, version 2.
import { written } from './clock';
import { CAUSES_OF_STATE } from './eventTypes';
import { LEAD_VARIABLES } from './fieldSets';
import { isLeadState, type Happening } from './happenings';
import type { Rules } from './rules';
import type { Activity } from './types';

type Fields = Record<string, unknown>;

/** As it is posted: the lead's variables flat beside the fields, but over none of them. */
export function delivered(happening: Happening, rules: Rules): Activity {
	const { lead, ...fields } = happening.activity;
	const isLead = lead === null || hasVariables(lead);
	const variables = Object.entries(variablesOf(lead)).filter(([name]) => !(name in fields));
	return {
		...fields,
		...(lead !== undefined && !isLead && { lead }),
		...Object.fromEntries(variables),
		...createdAtOf(fields, 0, rules),
		...ofState(happening, rules.deliveryTypeOfStateEvents, rules.deliveryIdOfStateEvents),
	};
}

/** As it is listed: with the fields of the delivery, but that the lead's variables stand under `lead`. */
export function listed(happening: Happening, rules: Rules): Activity {
	const { lead, ...all } = happening.activity;
	const isVariable = ([name]: [string, unknown]) => LEAD_VARIABLES.has(name);
	const variables = {
		...Object.fromEntries(Object.entries(all).filter(isVariable)),
		...variablesOf(lead),
	};
	const fields = Object.entries(all).filter((field) => !isVariable(field));
	const isNull = lead === null || rules.listedLead === 'null';
	const row = {
		...(Object.fromEntries(fields) as Activity),
		...(Object.keys(variables).length > 0 && { lead: { variables } }),
		...(isNull && { lead: null }),
		...createdAtOf(all, laterMs(rules), rules),
		...ofState(happening, rules.listedTypeOfStateEvents, rules.listedIdOfStateEvents),
	};
	return disagreeing(row, happening, rules);
}

/** A row that differs from the delivery as far as the rules say. */
function disagreeing(row: Activity, { ids }: Happening, rules: Rules): Activity {
	const { _id, ...rest } = row;
	const id = { same: _id, other: ids.list, absent: undefined }[rules.activityIds];
	const type = rules.activityTypes === 'other' ? otherName(row.type) : row.type;
	return { ...(_id !== undefined && id !== undefined && { _id: id }), ...rest, type };
}

/** The name of a lead state and its identifier; nothing of any other activity. */
function ofState(
	happening: Happening,
	type: Rules['listedTypeOfStateEvents'],
	id: Rules['listedIdOfStateEvents'],
): Fields {
	if (!isLeadState(happening)) return {};
	const { activity, cause, ids } = happening;
	const [usualCause] = CAUSES_OF_STATE[activity.type] ?? [];
	return {
		...(type === 'activity' && { type: cause === activity.type ? usualCause : cause }),
		...(id === 'own' && { _id: ids.state }),
	};
}

/** Its time in the list, in milliseconds since 1970; 0 where it has none. */
export function listedTime({ activity }: Happening, rules: Rules): number {
	const { createdAt } = createdAtOf(activity, laterMs(rules), rules);
	return createdAt === undefined ? 0 : Date.parse(createdAt);
}

function createdAtOf({ createdAt }: Fields, later: number, rules: Rules): { createdAt?: string } {
	const time = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	return Number.isNaN(time) ? {} : { createdAt: written(time + later, rules) };
}

function laterMs({ activityTimes }: Rules): number {
	return activityTimes === 'same' ? 0 : activityTimes.laterMs;
}

function variablesOf(lead: unknown): Fields {
	return hasVariables(lead) ? lead.variables : {};
}

function hasVariables(lead: unknown): lead is { variables: Fields } {
	const { variables } = Object(lead) as { variables?: unknown };
	return typeof variables === 'object' && variables !== null;
}

/** The same type in another spelling. */
function otherName(type: string): string {
	return type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
