import { a } from '@aws-amplify/data-schema';

export const tags = {
  Tag: a.model({ name: a.string().required(), orders: a.hasMany('OrderTag', 'tagId') }),
  OrderTag: a.model({
    tagId: a.id().required(),
    tag: a.belongsTo('Tag', 'tagId'),
    orderId: a.id().required(),
    order: a.belongsTo('Order', 'orderId'),
  }),
};
