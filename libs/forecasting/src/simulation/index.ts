export { Samplers } from './samplers.js';
export {
  type CategoryPlan,
  type CustomerTruth,
  type ShopPlan,
  type SimulatedPurchases,
  simulateShop,
} from './simulate-shop.js';
