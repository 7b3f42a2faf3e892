// What easycom finds by name, told to the type checker.
declare module 'vue' {
  export interface GlobalComponents {
    LAnswer: typeof import('./components/LAnswer.vue')['default']
    LChoice: typeof import('./components/LChoice.vue')['default']
    LClaimCard: typeof import('./components/LClaimCard.vue')['default']
    LEmpty: typeof import('./components/LEmpty.vue')['default']
    LField: typeof import('./components/LField.vue')['default']
    LFigure: typeof import('./components/LFigure.vue')['default']
    LIcon: typeof import('./components/LIcon.vue')['default']
    LOfferCard: typeof import('./components/LOfferCard.vue')['default']
    LOrg: typeof import('./components/LOrg.vue')['default']
    LPage: typeof import('./components/LPage.vue')['default']
    LPhotoRow: typeof import('./components/LPhotoRow.vue')['default']
    LPhotos: typeof import('./components/LPhotos.vue')['default']
    LProblem: typeof import('./components/LProblem.vue')['default']
    LRequestCard: typeof import('./components/LRequestCard.vue')['default']
    LRow: typeof import('./components/LRow.vue')['default']
    LStars: typeof import('./components/LStars.vue')['default']
    LStoryCard: typeof import('./components/LStoryCard.vue')['default']
    LSwitch: typeof import('./components/LSwitch.vue')['default']
    LTabs: typeof import('./components/LTabs.vue')['default']
    LTag: typeof import('./components/LTag.vue')['default']
    LTap: typeof import('./components/LTap.vue')['default']
    LTaskCard: typeof import('./components/LTaskCard.vue')['default']
    LTimeline: typeof import('./components/LTimeline.vue')['default']
  }
}

export {}
