package validate

var likenessRules = []rule{}
