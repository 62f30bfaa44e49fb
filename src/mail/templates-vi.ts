import type { Words } from './templates.js';

/** Vietnamese, in the wording of official documents. */
export const VIETNAMESE: Words = {
  templates: {
    assigned: {
      subject: 'Giao nhiệm vụ',
      text: 'Quý cơ quan được giao chủ trì thực hiện nhiệm vụ. Đề nghị xác nhận đã tiếp nhận và phân công cán bộ phụ trách.',
    },
    reminder: {
      subject: 'Nhắc nhiệm vụ sắp đến hạn',
      text: 'Nhiệm vụ sắp đến hạn. Đề nghị khẩn trương hoàn thành và gửi kết quả đúng thời hạn.',
    },
    urge: {
      subject: 'Đôn đốc nhiệm vụ quá hạn',
      text: 'Nhiệm vụ đã quá hạn. Đề nghị khẩn trương hoàn thành, gửi kết quả và nêu rõ nguyên nhân chậm.',
    },
    urging_letter: {
      subject: 'Văn bản đôn đốc gửi người đứng đầu',
      text: 'Nhiệm vụ đã quá hạn và đã được đôn đốc nhưng chưa có kết quả. Đề nghị người đứng đầu trực tiếp chỉ đạo thực hiện và báo cáo.',
    },
    letter_to_sign: {
      subject: 'Văn bản đôn đốc chờ ký',
      text: 'Đã soạn văn bản đôn đốc gửi thủ trưởng đơn vị. Đề nghị trình ký và nhập số, ngày văn bản.',
    },
    supervisor: {
      subject: 'Báo cáo nhiệm vụ quá hạn',
      text: 'Nhiệm vụ đã quá hạn, đã được đôn đốc nhưng chưa có kết quả. Kính báo cáo để lãnh đạo xem xét, chỉ đạo.',
    },
    referral_proposed: {
      subject: 'Đề xuất chuyển hồ sơ đến Sở Nội vụ',
      text: 'Nhiệm vụ quá hạn được đề xuất chuyển hồ sơ đến Sở Nội vụ làm căn cứ xem xét, đánh giá cuối năm. Đơn vị được xem căn cứ, cách tính và có ý kiến phản hồi trong thời hạn quy định.',
    },
    referral_goes_on: {
      subject: 'Nhiệm vụ lại quá hạn, hồ sơ đang được xử lý',
      text: 'Nhiệm vụ lại quá hạn theo thời hạn mới, trong khi hồ sơ đã đề xuất chuyển Sở Nội vụ vẫn đang được xử lý. Không có đề xuất mới: hồ sơ đó tiếp tục theo thời hạn và trạng thái của nó.',
    },
    returned: {
      subject: 'Trả lại kết quả',
      text: 'Kết quả được trả lại để hoàn thiện. Đề nghị bổ sung và gửi lại trong thời hạn.',
      deadline: 'Hoàn thiện trước',
    },
    submitted: {
      subject: 'Kết quả chờ xác nhận',
      text: 'Đơn vị đã gửi kết quả. Đề nghị xem xét, xác nhận hoặc trả lại.',
    },
    forecast_misses: {
      subject: 'Dự báo không đạt chỉ tiêu',
      text: 'Theo số liệu đã báo cáo, với tiến độ hiện nay chỉ tiêu sẽ không đạt khi đến hạn. Đề nghị có biện pháp đẩy nhanh, hoặc nêu vướng mắc. Số liệu, tiến độ và mức cần đạt mỗi ngày có ở đường dẫn.',
    },
    confirmed: { subject: 'Xác nhận hoàn thành', text: 'Kết quả thực hiện nhiệm vụ đã được xác nhận.' },
    part_accepted: {
      subject: 'Chấp nhận một phần kết quả',
      text: 'Một phần kết quả đã được chấp nhận. Đề nghị tiếp tục thực hiện phần còn lại theo thời hạn.',
    },
    extension_requested: {
      subject: 'Đề nghị gia hạn',
      text: 'Đơn vị đề nghị gia hạn nhiệm vụ. Đề nghị xem xét, trả lời.',
      deadline: 'Đề nghị gia hạn đến',
    },
    extension_decided: {
      subject: 'Trả lời đề nghị gia hạn',
      text: 'Đề nghị gia hạn đã được trả lời.',
      answers: {
        granted: 'Đề nghị gia hạn được chấp thuận theo thời hạn dưới đây.',
        refused: 'Đề nghị gia hạn không được chấp thuận; thời hạn giữ nguyên.',
      },
    },
    obstacle_raised: {
      subject: 'Vướng mắc cần xử lý',
      text: 'Đơn vị báo cáo khó khăn, vướng mắc trong quá trình thực hiện. Đề nghị xem xét, trả lời.',
    },
    obstacle_answered: {
      subject: 'Trả lời vướng mắc',
      text: 'Khó khăn, vướng mắc đã được trả lời.',
      answers: {
        accepted:
          'Vướng mắc được ghi nhận; thời gian thực hiện tạm dừng tính từ khi báo cáo cho đến khi được giải quyết.',
        refused: 'Vướng mắc không được chấp nhận; thời hạn không thay đổi.',
        forwarded: 'Vướng mắc đã được chuyển đến cơ quan có thẩm quyền xem xét.',
        resolved: 'Vướng mắc đã được giải quyết; thời gian tạm dừng được cộng vào thời hạn.',
      },
    },
    contested: {
      subject: 'Đề nghị xem xét lại việc giao nhiệm vụ',
      text: 'Đơn vị cho rằng nhiệm vụ không thuộc chức năng của mình hoặc giao chưa đúng. Đề nghị xem xét, trả lời.',
    },
    contest_answered: {
      subject: 'Trả lời đề nghị về việc giao nhiệm vụ',
      text: 'Đề nghị xem xét lại việc giao nhiệm vụ đã được trả lời.',
      answers: {
        upheld: 'Đề nghị được chấp nhận; nhiệm vụ được giao lại hoặc dừng.',
        rejected:
          'Đề nghị không được chấp nhận; đơn vị tiếp tục thực hiện nhiệm vụ, thời gian chờ trả lời được cộng vào thời hạn.',
      },
    },
    cause_stated: {
      subject: 'Nguyên nhân chậm chờ xác nhận',
      text: 'Đơn vị đã nêu nguyên nhân chậm. Đề nghị xem xét, xác nhận.',
    },
    cause_decided: {
      subject: 'Trả lời về nguyên nhân chậm',
      text: 'Nguyên nhân chậm đã được xem xét.',
      answers: {
        confirmed: 'Nguyên nhân khách quan đã được xác nhận.',
        refused: 'Nguyên nhân đã nêu không được xác nhận là khách quan.',
      },
    },
    contribution_asked: {
      subject: 'Đề nghị phối hợp',
      text: 'Đơn vị chủ trì đề nghị quý cơ quan phối hợp, cung cấp nội dung thuộc phạm vi phụ trách.',
      deadline: 'Gửi trước',
    },
    explanation_asked: {
      subject: 'Yêu cầu giải trình',
      text: 'Lãnh đạo Tổ công tác yêu cầu giải trình về việc thực hiện nhiệm vụ.',
      deadline: 'Giải trình trước',
    },
    urged: {
      subject: 'Đôn đốc thực hiện nhiệm vụ',
      text: 'Cơ quan theo dõi đôn đốc thực hiện nhiệm vụ. Đề nghị khẩn trương thực hiện và báo cáo kết quả.',
    },
    clock_overdue: {
      subject: 'Quá thời gian trả lời',
      text: 'Có nội dung đã quá thời gian trả lời theo quy định. Đề nghị xem xét, xử lý.',
      answers: {
        acknowledgement:
          'Nhiệm vụ được giao chưa được tiếp nhận trong thời gian quy định. Đề nghị tiếp nhận.',
        confirmation: 'Kết quả đã nộp chờ xác nhận quá thời gian quy định. Đề nghị xác nhận hoặc trả lại.',
        contest: 'Đề nghị xem lại việc giao nhiệm vụ đã quá thời gian trả lời.',
        extension: 'Đề nghị gia hạn đã quá thời gian trả lời.',
        obstacle: 'Vướng mắc đã quá thời gian trả lời.',
        cause: 'Nguyên nhân chậm do đơn vị nêu đã quá thời gian xem xét.',
        letter: 'Văn bản đôn đốc chưa được ký trong thời gian quy định.',
        decision: 'Hồ sơ đã quá thời gian quyết định.',
        acknowledge: 'Hồ sơ đã chuyển chưa được tiếp nhận trong thời gian quy định.',
      },
    },
    revised: {
      subject: 'Nhiệm vụ được sửa đổi',
      text: 'Văn bản sửa đổi đã thay đổi nhiệm vụ này. Đề nghị xem thời hạn và chỉ tiêu hiện hành.',
    },
    reopened: {
      subject: 'Mở lại nhiệm vụ',
      text: 'Nhiệm vụ được mở lại. Đề nghị tiếp tục thực hiện theo thời hạn mới.',
      deadline: 'Thời hạn mới',
    },
    deadline_adjusted: {
      subject: 'Điều chỉnh thời hạn',
      text: 'Thời hạn của nhiệm vụ đã được điều chỉnh.',
      deadline: 'Thời hạn mới',
    },
    calendar_changed: {
      subject: 'Thời hạn thay đổi theo lịch làm việc',
      text: 'Lịch làm việc được sửa; thời hạn của nhiệm vụ được tính lại theo hướng có lợi cho đơn vị. Xem căn cứ và cách tính tại liên kết dưới đây.',
    },
    outage_excused: {
      subject: 'Thời hạn được lùi do hệ thống gián đoạn',
      text: 'Hệ thống không tiếp nhận được thao tác khi nhiệm vụ đến hạn; thời hạn được chuyển đến hết ngày làm việc tiếp theo.',
    },
    suspended: {
      subject: 'Tạm dừng nhiệm vụ',
      text: 'Nhiệm vụ tạm dừng; thời gian tạm dừng không tính vào thời hạn.',
    },
    resumed: {
      subject: 'Tiếp tục nhiệm vụ',
      text: 'Nhiệm vụ được tiếp tục thực hiện theo thời hạn dưới đây.',
    },
    stopped: { subject: 'Dừng nhiệm vụ', text: 'Nhiệm vụ được dừng thực hiện.' },
    superseded: {
      subject: 'Nhiệm vụ chuyển cho đơn vị khác',
      text: 'Nhiệm vụ đã được giao cho đơn vị chủ trì khác. Việc chậm tiến độ trước đó (nếu có) vẫn thuộc đơn vị.',
    },
    carried_over: {
      subject: 'Nhiệm vụ chuyển tiếp',
      text: 'Nhiệm vụ được chuyển tiếp sang văn bản sau; trong văn bản này được tính là chưa hoàn thành.',
    },
    contribution_answered: {
      subject: 'Trả lời đề nghị phối hợp',
      text: 'Đề nghị phối hợp đã được trả lời.',
      answers: {
        given: 'Đơn vị phối hợp đã gửi nội dung được đề nghị.',
        declined: 'Đơn vị phối hợp từ chối đề nghị.',
        overdue: 'Nội dung phối hợp đã quá hạn mà chưa được gửi.',
      },
    },
    explanation_answered: {
      subject: 'Đơn vị đã giải trình',
      text: 'Đơn vị đã gửi giải trình theo yêu cầu.',
    },
    explanation_overdue: {
      subject: 'Chưa có giải trình',
      text: 'Đã hết thời hạn giải trình mà đơn vị chưa gửi giải trình theo yêu cầu.',
    },
    recorded_for_you: {
      subject: 'Ghi nhận văn bản của đơn vị',
      text: 'Cơ quan thường trực đã ghi nhận thay đơn vị một nội dung theo văn bản nhận được. Nếu chưa đúng, đề nghị phản hồi.',
    },
    referred: {
      subject: 'Chuyển hồ sơ đến Sở Nội vụ',
      text: 'Hồ sơ nhiệm vụ quá hạn đã được chuyển đến Sở Nội vụ.',
    },
    objected: {
      subject: 'Ý kiến phản hồi về hồ sơ',
      text: 'Đơn vị có ý kiến phản hồi về hồ sơ dự kiến chuyển Sở Nội vụ. Đề nghị xem xét.',
    },
    objection_decided: {
      subject: 'Kết luận về ý kiến phản hồi',
      text: 'Ý kiến phản hồi đã được xem xét.',
      answers: {
        upheld: 'Ý kiến phản hồi được chấp nhận; hồ sơ không chuyển Sở Nội vụ.',
        rejected: 'Ý kiến phản hồi không được chấp nhận; hồ sơ tiếp tục được xử lý.',
      },
    },
    release_awaited: {
      subject: 'Hồ sơ chờ ký gửi',
      text: 'Đã hết thời hạn phản hồi. Hồ sơ chờ văn bản ký để gửi Sở Nội vụ.',
    },
    supplement_requested: {
      subject: 'Đề nghị bổ sung hồ sơ',
      text: 'Sở Nội vụ đề nghị bổ sung hồ sơ.',
    },
    supplemented: { subject: 'Bổ sung hồ sơ', text: 'Hồ sơ đã được bổ sung theo đề nghị.' },
    referral_acknowledged: {
      subject: 'Sở Nội vụ đã tiếp nhận hồ sơ',
      text: 'Sở Nội vụ đã xác nhận tiếp nhận hồ sơ.',
    },
    referral_acknowledged_own: {
      subject: 'Lãnh đạo Tổ công tác đã tiếp nhận hồ sơ',
      text: 'Hồ sơ liên quan đến chính Sở Nội vụ; lãnh đạo Tổ công tác đã tiếp nhận.',
    },
    referral_withdrawn: { subject: 'Rút hồ sơ', text: 'Hồ sơ đã được rút, không xem xét tiếp.' },
    correction_due: {
      subject: 'Hồ sơ đã chuyển Sở Nội vụ không còn đúng với dữ kiện hiện tại',
      text: 'Dữ kiện của một hồ sơ đã chuyển đã thay đổi. Đề nghị gửi đính chính bằng văn bản riêng.',
    },
    facts_corrected: {
      subject: 'Đính chính dữ kiện của hồ sơ',
      text: 'Dữ kiện của hồ sơ đã gửi Sở Nội vụ được đính chính bằng một văn bản riêng. Đề nghị xem dữ kiện hiện tại trong hồ sơ.',
    },
    outcome_recorded: {
      subject: 'Kết quả xử lý hồ sơ',
      text: 'Sở Nội vụ đã ghi nhận kết quả xử lý hồ sơ.',
    },
    directive_unclear: {
      subject: 'Nhiệm vụ chưa đủ bốn rõ',
      text: 'Văn bản còn nhiệm vụ chưa rõ người, rõ việc, rõ thời gian hoặc rõ kết quả. Đề nghị bổ sung, điều chỉnh.',
    },
    directive_closed: {
      subject: 'Kết thúc theo dõi văn bản',
      text: 'Tất cả nhiệm vụ của văn bản đã kết thúc; việc theo dõi được khép lại.',
    },
    approval_requested: {
      subject: 'Đề nghị phê duyệt văn bản giao nhiệm vụ',
      text: 'Dự thảo giao nhiệm vụ chờ lãnh đạo Tổ công tác phê duyệt trước khi ban hành.',
    },
    directive_approved: {
      subject: 'Dự thảo đã được phê duyệt',
      text: 'Lãnh đạo Tổ công tác đã phê duyệt dự thảo giao nhiệm vụ. Có thể ban hành.',
    },
    directive_returned: {
      subject: 'Dự thảo được trả lại để sửa',
      text: 'Lãnh đạo Tổ công tác trả lại dự thảo giao nhiệm vụ để chỉnh sửa trước khi trình lại.',
    },
    approval_recalled: {
      subject: 'Đã rút lại đề nghị phê duyệt',
      text: 'Cơ quan thường trực đã rút lại dự thảo giao nhiệm vụ để chỉnh sửa; chưa cần phê duyệt.',
    },
    confirming_document_awaited: {
      subject: 'Chưa có văn bản xác nhận chỉ đạo miệng',
      text: 'Đã hết thời gian nhập văn bản xác nhận chỉ đạo miệng. Khi chưa có văn bản, nhiệm vụ chưa tính hạn và không đơn vị nào bị coi là chậm. Đề nghị cơ quan thường trực nhập số văn bản hoặc thu hồi.',
    },
    report_requested: {
      subject: 'Yêu cầu báo cáo',
      text: 'Quý cơ quan được yêu cầu gửi báo cáo theo thời hạn dưới đây.',
    },
    report_reminder: {
      subject: 'Nhắc báo cáo sắp đến hạn',
      text: 'Báo cáo sắp đến hạn gửi. Đề nghị quý cơ quan gửi báo cáo đúng thời hạn.',
    },
    report_urge: {
      subject: 'Đôn đốc báo cáo quá hạn',
      text: 'Báo cáo đã quá hạn mà chưa được gửi. Đề nghị quý cơ quan khẩn trương gửi báo cáo.',
    },
    report_urging_letter: {
      subject: 'Văn bản đôn đốc báo cáo gửi người đứng đầu',
      text: 'Báo cáo đã quá hạn và đã được đôn đốc nhưng chưa được gửi. Đề nghị người đứng đầu trực tiếp chỉ đạo gửi báo cáo.',
    },
    report_missing: {
      subject: 'Đơn vị chưa gửi báo cáo',
      text: 'Đơn vị đã được đôn đốc nhưng chưa gửi báo cáo. Kính báo cáo để lãnh đạo xem xét, chỉ đạo.',
    },
    report_returned: {
      subject: 'Trả lại báo cáo',
      text: 'Báo cáo được trả lại để hoàn thiện. Đề nghị bổ sung và gửi lại trong thời hạn.',
      deadline: 'Hoàn thiện trước',
    },
    report_excused: {
      subject: 'Chấp nhận không phải báo cáo',
      text: 'Quý cơ quan không phải gửi báo cáo của kỳ này; việc chậm (nếu có) không tính.',
    },
    report_calendar_changed: {
      subject: 'Hạn báo cáo thay đổi theo lịch làm việc',
      text: 'Lịch làm việc được sửa; hạn gửi báo cáo của kỳ này được tính lại theo hướng có lợi cho đơn vị.',
    },
    report_outage_excused: {
      subject: 'Hạn báo cáo được lùi do hệ thống gián đoạn',
      text: 'Hệ thống không tiếp nhận được thao tác khi quý cơ quan hoặc đơn vị cấp dưới đến hạn báo cáo; hạn gửi được lùi đến ngày dưới đây.',
    },
    objection_window_moved: {
      subject: 'Thời hạn phản hồi được lùi do hệ thống gián đoạn',
      text: 'Hệ thống không tiếp nhận được thao tác khi hết thời hạn phản hồi; quý cơ quan được phản hồi đến hết ngày làm việc tiếp theo.',
    },
    objection_window_counted_again: {
      subject: 'Thời hạn phản hồi được tính lại do lịch làm việc thay đổi',
      text: 'Lịch làm việc được sửa; thời hạn phản hồi đối với hồ sơ được tính lại theo hướng có lợi cho đơn vị. Hồ sơ đã chuyển vẫn nhận phản hồi bằng văn bản trong thời hạn này.',
    },
    excuse_asked: {
      subject: 'Đề nghị không phải báo cáo',
      text: 'Đơn vị đề nghị được miễn báo cáo của kỳ này. Đề nghị xem xét, trả lời.',
    },
    excuse_refused: {
      subject: 'Trả lời đề nghị không phải báo cáo',
      text: 'Đề nghị miễn báo cáo không được chấp thuận. Đề nghị quý cơ quan gửi báo cáo.',
    },
    reporting_referral_proposed: {
      subject: 'Đề xuất chuyển hồ sơ chậm báo cáo đến Sở Nội vụ',
      text: 'Việc nhiều lần chậm báo cáo được đề xuất chuyển hồ sơ đến Sở Nội vụ làm căn cứ xem xét, đánh giá cuối năm. Đơn vị được xem các kỳ báo cáo đã tính và có ý kiến phản hồi trong thời hạn quy định.',
    },
    reporting_referred: {
      subject: 'Chuyển hồ sơ chậm báo cáo đến Sở Nội vụ',
      text: 'Hồ sơ về việc nhiều lần chậm báo cáo đã được chuyển đến Sở Nội vụ.',
    },
  },
  unknown: { subject: 'Thông báo', text: 'Có thông tin mới về nhiệm vụ.' },
  prefix: 'Đôn đốc',
  greeting: (name) => `Kính gửi: ${name}`,
  greetingNobody: 'Kính gửi quý cơ quan,',
  several: (count, first) => `${count} nội dung: ${first}`,
  intro: (count) =>
    count === 1
      ? 'Hệ thống theo dõi, đôn đốc nhiệm vụ trân trọng thông báo:'
      : `Hệ thống theo dõi, đôn đốc nhiệm vụ trân trọng thông báo ${count} nội dung:`,
  labels: {
    task: 'Nhiệm vụ',
    unit: 'Đơn vị chủ trì',
    deadline: 'Thời hạn',
    objectUntil: 'Được phản đối đến',
    directive: 'Văn bản giao',
    reason: 'Lý do',
    letter: 'Văn bản',
    link: 'Chi tiết',
  },
  further: (count) => `Và ${count} nội dung khác, xem trên hệ thống.`,
  open: 'Mở trên hệ thống',
  footer: 'Thư được gửi tự động từ hệ thống theo dõi, đôn đốc nhiệm vụ; vui lòng không trả lời thư này.',
  instant: ({ year, month, day, hour, minute, offset }) =>
    `${hour}:${minute} ngày ${day}/${month}/${year} (giờ ${offset})`,
};
