/** SQL for the local date of an instant: terms of office and of units begin and end by it. */
export const localDay = (instant: string): string => `(${instant} at time zone 'Asia/Ho_Chi_Minh')::date`;

export const TODAY = localDay('app_now()');
