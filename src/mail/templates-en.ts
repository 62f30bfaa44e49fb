import type { Words } from './templates.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const ENGLISH: Words = {
  templates: {
    assigned: {
      subject: 'A task is assigned to you',
      text: 'Your unit leads this task. Please acknowledge it and name the officer in charge.',
    },
    reminder: {
      subject: 'A deadline is near',
      text: 'The task is due soon. Please complete it and submit the result in time.',
    },
    urge: {
      subject: 'A task is overdue',
      text: 'The task is overdue. Please complete it, submit the result and state the cause of the delay.',
    },
    urging_letter: {
      subject: 'Urging letter to the head of the unit',
      text: 'The task is overdue and has been urged without a result. The head of the unit is asked to direct it in person and to report.',
    },
    letter_to_sign: {
      subject: 'An urging letter waits for its signature',
      text: 'The urging letter to the head of the unit is drafted. Please have it signed and enter its number and date.',
    },
    supervisor: {
      subject: 'Overdue tasks',
      text: 'The task is overdue and has been urged without a result; reported for your direction.',
    },
    referral_proposed: {
      subject: 'Referral to the Department of Home Affairs proposed',
      text: 'The overdue task is proposed for referral to the Department of Home Affairs, for the year-end evaluation. You can see the facts and how they were computed, and may object within the time allowed.',
    },
    referral_goes_on: {
      subject: 'Overdue again, and its case goes on',
      text: 'The task is overdue again by its later deadline, while the case that was proposed for the Department of Home Affairs is still running. Nothing new is proposed: that case goes on, with its own time limits.',
    },
    returned: {
      subject: 'Result returned',
      text: 'The result was returned. Please complete it and submit it again in time.',
      deadline: 'To be mended by',
    },
    submitted: {
      subject: 'A result waits for confirmation',
      text: 'The unit has submitted a result. Please confirm or return it.',
    },
    forecast_misses: {
      subject: 'The target will be missed',
      text: 'By the figures reported so far, going on at this pace the target will not be reached by the deadline. Please speed up, or raise the obstacle. The figures, the pace and what is needed each day are behind the link.',
    },
    confirmed: { subject: 'Result confirmed', text: 'The result of the task has been confirmed.' },
    part_accepted: {
      subject: 'Part of the result accepted',
      text: 'Part of the result was accepted. Please go on with the rest under its deadline.',
    },
    extension_requested: {
      subject: 'Extension requested',
      text: 'The unit asks for an extension. Please answer.',
      deadline: 'Asked until',
    },
    extension_decided: {
      subject: 'Extension answered',
      text: 'The request for an extension was answered.',
      answers: {
        granted: 'The extension is granted, to the deadline below.',
        refused: 'The extension is refused; the deadline stays.',
      },
    },
    obstacle_raised: {
      subject: 'An obstacle needs an answer',
      text: 'The unit reports an obstacle. Please answer.',
    },
    obstacle_answered: {
      subject: 'Obstacle answered',
      text: 'The obstacle was answered.',
      answers: {
        accepted: 'The obstacle is accepted; the clock stands still from its raising until it is resolved.',
        refused: 'The obstacle is not accepted; the deadline stays.',
        forwarded: 'The obstacle was forwarded to the body that can resolve it.',
        resolved: 'The obstacle is resolved; the time it took is added to the deadline.',
      },
    },
    contested: {
      subject: 'An assignment is contested',
      text: 'The unit says that the task is not its function, or was assigned wrongly. Please answer.',
    },
    contest_answered: {
      subject: 'Contest answered',
      text: 'The contest was answered.',
      answers: {
        upheld: 'The contest is upheld; the task is reassigned or stopped.',
        rejected:
          'The contest is rejected; the task stays with you, and the time of waiting is added to the deadline.',
      },
    },
    cause_stated: {
      subject: 'A cause of delay waits for confirmation',
      text: 'The unit has stated the cause of its delay. Please decide.',
    },
    cause_decided: {
      subject: 'Cause of delay decided',
      text: 'The cause of the delay was considered.',
      answers: {
        confirmed: 'The cause is confirmed as objective.',
        refused: 'The cause is not confirmed as objective.',
      },
    },
    contribution_asked: {
      subject: 'Contribution requested',
      text: 'The lead unit asks you for a contribution.',
      deadline: 'To be given by',
    },
    explanation_asked: {
      subject: 'Explanation requested',
      text: 'The head of the Working Group asks for an explanation.',
      deadline: 'To be answered by',
    },
    urged: { subject: 'Urging', text: 'The monitor urges this task. Please proceed and report the result.' },
    clock_overdue: {
      subject: 'An answer is overdue',
      text: 'Something has not been answered within the time allowed. Please see to it.',
      answers: {
        acknowledgement:
          'The assignment has not been acknowledged within the time allowed. Please acknowledge it.',
        confirmation:
          'A result has waited for its confirmation longer than allowed. Please confirm or return it.',
        contest: 'A contested assignment has not been answered within the time allowed.',
        extension: 'A request for extension has not been answered within the time allowed.',
        obstacle: 'An obstacle has not been answered within the time allowed.',
        cause: 'A stated cause of delay has not been decided within the time allowed.',
        letter: 'An urging letter has not been signed within the time allowed.',
        decision: 'A case has not been decided within the time allowed.',
        acknowledge: 'A referred case has not been acknowledged within the time allowed.',
      },
    },
    revised: {
      subject: 'Task revised by an amendment',
      text: 'An amendment of the directive changed this task. Please read its present deadline and target.',
    },
    reopened: {
      subject: 'Task reopened',
      text: 'The task was reopened. Please go on under the new deadline.',
      deadline: 'New deadline',
    },
    deadline_adjusted: {
      subject: 'Deadline adjusted',
      text: 'The deadline of the task was adjusted.',
      deadline: 'New deadline',
    },
    calendar_changed: {
      subject: 'The deadline follows the changed calendar',
      text: 'The working calendar was edited; the deadline was computed again in favour of the unit. How it was computed stands behind the link.',
    },
    outage_excused: {
      subject: 'The deadline moves because of an outage',
      text: 'The system could not accept commands when the assignment fell due; the deadline moves to the end of the next working day.',
    },
    suspended: {
      subject: 'Task suspended',
      text: 'The task is suspended; the time of suspension does not count.',
    },
    resumed: { subject: 'Task resumed', text: 'The task goes on, under the deadline below.' },
    stopped: { subject: 'Task stopped', text: 'The task was stopped.' },
    superseded: {
      subject: 'Task given to another unit',
      text: 'The task was given to another lead unit. Lateness so far stays in the record of your unit.',
    },
    carried_over: {
      subject: 'Task carried over',
      text: 'The task was carried over into a later directive. It counts as not completed in this one.',
    },
    contribution_answered: {
      subject: 'Contribution answered',
      text: 'The contribution asked for was answered.',
      answers: {
        given: 'The contribution asked for was given.',
        declined: 'The contribution asked for was declined.',
        overdue: 'The contribution asked for was not given in time.',
      },
    },
    explanation_answered: {
      subject: 'Explanation given',
      text: 'The unit has given the explanation it was asked for.',
    },
    explanation_overdue: {
      subject: 'No explanation came',
      text: 'The time to explain has passed, and the unit has not sent the explanation that was asked for.',
    },
    recorded_for_you: {
      subject: 'Recorded from your document',
      text: 'The standing agency recorded an act for your unit from a document it received. Please tell it if that is not right.',
    },
    referred: {
      subject: 'Referred to the Department of Home Affairs',
      text: 'The case of the overdue task was referred to the Department of Home Affairs.',
    },
    objected: {
      subject: 'Objection to a referral',
      text: 'The unit objects to the proposed referral. Please consider it.',
    },
    objection_decided: {
      subject: 'Objection decided',
      text: 'The objection was decided.',
      answers: {
        upheld: 'The objection is upheld; the case is not referred.',
        rejected: 'The objection is rejected; the case goes on.',
      },
    },
    release_awaited: {
      subject: 'A case waits for its signed letter',
      text: 'The time to object has passed. The case waits for the signed letter to Home Affairs.',
    },
    supplement_requested: {
      subject: 'Supplement requested',
      text: 'The Department of Home Affairs asks for a supplement to the case.',
    },
    supplemented: { subject: 'Case supplemented', text: 'The case was supplemented as requested.' },
    referral_acknowledged: {
      subject: 'Home Affairs has received the case',
      text: 'The Department of Home Affairs has acknowledged the case.',
    },
    referral_acknowledged_own: {
      subject: 'The head of the Working Group has received the case',
      text: 'The case concerns the Department of Home Affairs itself; the head of the Working Group has acknowledged it.',
    },
    referral_withdrawn: { subject: 'Case withdrawn', text: 'The case was withdrawn.' },
    correction_due: {
      subject: 'What was sent to Home Affairs is no longer so',
      text: 'The facts of a case that was sent have changed in the record since. Please send the correction, by a document of its own.',
    },
    facts_corrected: {
      subject: 'The facts of a case are corrected',
      text: 'Facts of a case that was sent to Home Affairs are corrected by a document of its own. The case shows them as they are now.',
    },
    outcome_recorded: {
      subject: 'Outcome of the case',
      text: 'The Department of Home Affairs has recorded the outcome of the case.',
    },
    directive_unclear: {
      subject: 'Tasks that are not clear',
      text: 'The directive has tasks whose people, work, time or results are not clear. Please clear them by amendment.',
    },
    directive_closed: {
      subject: 'Directive closed',
      text: 'All assignments of the directive have ended; it is closed.',
    },
    approval_requested: {
      subject: 'A directive waits for approval',
      text: 'A directive waits for approval by the head of the Working Group before it is issued.',
    },
    directive_approved: {
      subject: 'A draft was approved',
      text: 'The head of the Working Group has approved the draft directive. It may be issued.',
    },
    directive_returned: {
      subject: 'A draft was returned for changes',
      text: 'The head of the Working Group has returned the draft directive; it is to be changed before it is put forward again.',
    },
    approval_recalled: {
      subject: 'A request for approval was recalled',
      text: 'The standing agency has taken the draft directive back to change it; no approval is asked for at present.',
    },
    confirming_document_awaited: {
      subject: 'No document confirms a directive given by word of mouth',
      text: 'The time to enter the confirming document has run out. Without it no deadline runs and no unit is late. The standing agency is asked to enter its number, or to withdraw the directive.',
    },
    report_requested: {
      subject: 'A report is asked for',
      text: 'Your unit is asked for a report by the deadline below.',
    },
    report_reminder: {
      subject: 'A report is due soon',
      text: 'The report is due soon. Please send it in time.',
    },
    report_urge: {
      subject: 'A report is missing',
      text: 'The report is overdue and has not come. Please send it without delay.',
    },
    report_urging_letter: {
      subject: 'Urging letter to the head of the unit: a report is missing',
      text: 'The report is overdue and has been urged without an answer. The head of the unit is asked to see to it in person.',
    },
    report_missing: {
      subject: 'Reports are missing',
      text: 'The unit has been urged and has not reported; brought before you for your direction.',
    },
    report_returned: {
      subject: 'Report returned',
      text: 'The report was returned. Please complete it and send it again in time.',
      deadline: 'To be mended by',
    },
    report_excused: {
      subject: 'No report is owed',
      text: 'Your unit owes no report for this period; lateness so far, if any, does not count.',
    },
    report_calendar_changed: {
      subject: 'A report is due later by the working calendar',
      text: 'The working calendar was edited; when the report of this period is due was counted again, in your favour.',
    },
    report_outage_excused: {
      subject: 'A report is due later because of an outage',
      text: 'Nothing could be accepted when your report, or one that you sum up, was due; yours is due later, as below.',
    },
    objection_window_moved: {
      subject: 'More time to object because of an outage',
      text: 'Nothing could be accepted when the time to object ran out; you may object until the end of the next working day.',
    },
    objection_window_counted_again: {
      subject: 'More time to object because the calendar was edited',
      text: 'The calendar was edited; the time to object to the case was counted again, in favour of the unit. Where the case has been sent already, an objection on paper is taken.',
    },
    excuse_asked: {
      subject: 'A unit asks to be excused from a report',
      text: 'The unit asks to be excused from reporting for this period. Please answer.',
    },
    excuse_refused: {
      subject: 'Not excused from the report',
      text: 'The request to be excused is refused. Please send the report.',
    },
    reporting_referral_proposed: {
      subject: 'Referral for repeated late reporting proposed',
      text: 'Repeated late reporting is proposed for referral to the Department of Home Affairs, for the year-end evaluation. You can see which periods were counted, and may object within the time allowed.',
    },
    reporting_referred: {
      subject: 'Case of late reporting referred',
      text: 'The case of repeated late reporting has been sent to the Department of Home Affairs.',
    },
  },
  unknown: { subject: 'Notice', text: 'There is news about a task.' },
  prefix: 'Dondoc',
  greeting: (name) => `To: ${name}`,
  greetingNobody: 'To whom it concerns,',
  several: (count, first) => `${count} notices: ${first}`,
  intro: (count) => (count === 1 ? 'Please note:' : `Please note these ${count} points:`),
  labels: {
    task: 'Task',
    unit: 'Lead unit',
    deadline: 'Deadline',
    objectUntil: 'Objection possible until',
    directive: 'Directive',
    reason: 'Reason',
    letter: 'Letter',
    link: 'Details',
  },
  further: (count) => `And ${count} more, to be seen in the system.`,
  open: 'Open in the system',
  footer: 'This message was sent automatically; please do not reply to it.',
  instant: ({ year, month, day, hour, minute, offset }) =>
    `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${hour}:${minute} (${offset})`,
};
