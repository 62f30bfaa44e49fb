import type { DeadLetterView } from '../dead-letters.js';
import type { MessageView } from '../read/messages.js';
import type { DeliveryView, WebhookView } from '../webhooks.js';
import * as column from './columns.js';
import type { ListTable } from './list.js';

const WEBHOOK_STATES = {
  active: { vi: 'Đang dùng', en: 'Active' },
  disabled: { vi: 'Tạm dừng', en: 'Disabled' },
};
const DELIVERY_STATES = {
  waiting: { vi: 'Đang chờ', en: 'Waiting' },
  delivered: { vi: 'Đã gửi', en: 'Delivered' },
  dead: { vi: 'Không gửi được', en: 'Given up' },
};

export const MESSAGES_TABLE: ListTable<MessageView> = {
  title: { vi: 'Thông báo', en: 'Messages' },
  file: 'messages',
  columns: [
    column.instant('Thời điểm', 'At', (m) => m.at),
    column.instant('Đọc lúc', 'Read', (m) => m.readAt),
    column.yesNo('Gửi riêng tôi', 'To me in person', (m) => m.personal),
    column.text('Tiêu đề', 'Subject', (m) => m.subject, 40),
    column.text('Nội dung', 'Text', (m) => m.text, 60),
    column.text('Mã nhiệm vụ giao', 'Assignment', (m) => m.assignmentId, 38),
    column.recordId(),
  ],
};

export const DEAD_LETTERS_TABLE: ListTable<DeadLetterView> = {
  title: { vi: 'Thư không gửi được', en: 'Letters that were refused' },
  file: 'dead-letters',
  columns: [
    column.instant('Thời điểm', 'At', (l) => l.at),
    column.text('Địa chỉ', 'Address', (l) => l.address, 30),
    column.text('Tiêu đề', 'Subject', (l) => l.subject, 40),
    column.number('Số lần thử', 'Attempts', (l) => l.attempts),
    column.text('Lỗi', 'Error', (l) => l.lastError, 60),
    column.recordId(),
  ],
};

export const WEBHOOKS_TABLE: ListTable<WebhookView> = {
  title: { vi: 'Webhook', en: 'Webhooks' },
  file: 'webhooks',
  columns: [
    column.text('Tên', 'Label', (w) => w.label, 30),
    column.text('Địa chỉ', 'Address', (w) => w.url, 50),
    column.text('Loại sự kiện', 'Types', (w) => column.list(w.types), 30),
    column.named('Trạng thái', 'State', WEBHOOK_STATES, (w) => w.state),
    column.text('Lý do', 'Reason', (w) => w.reason, 30),
    column.number('Đang chờ', 'Waiting', (w) => w.waiting),
    column.number('Không gửi được', 'Given up', (w) => w.dead),
    column.instant('Đăng ký lúc', 'Made', (w) => w.createdAt),
    column.recordId(),
  ],
};

export const DELIVERIES_TABLE: ListTable<DeliveryView> = {
  title: { vi: 'Các lần gửi', en: 'Deliveries' },
  file: 'webhook-deliveries',
  columns: [
    column.instant('Thời điểm', 'Made', (d) => d.createdAt),
    column.text('Loại sự kiện', 'Type', (d) => d.type, 30),
    column.named('Trạng thái', 'State', DELIVERY_STATES, (d) => d.state),
    column.number('Số lần thử', 'Attempts', (d) => d.attempts),
    column.instant('Lần thử sau', 'Next attempt', (d) => d.nextAttemptAt),
    column.number('Mã trả lời', 'Status', (d) => d.status),
    column.text('Lỗi', 'Error', (d) => d.error, 40),
    column.instant('Gửi được lúc', 'Delivered', (d) => d.deliveredAt),
    column.recordId(),
  ],
};
