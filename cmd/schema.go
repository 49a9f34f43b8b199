package cmd

import (
	"github.com/spf13/cobra"

	"perfgoal/config"
	"perfgoal/report"
)

// schemaNames are the outputs and files that have a JSON Schema.
var schemaNames = []string{"parse", "lint", "stats", "diff", "config", "layout"}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema parse|lint|stats|diff|config|layout",
		Short: a.say("输出 JSON Schema", "Print a JSON Schema"),
		Long: a.say("输出 JSON 输出（parse、lint、stats、diff）、配置文件（config）或版式文件（layout）的 JSON Schema（2020-12），\n由程序里的类型生成。",
			"Prints the JSON Schema (2020-12) of an output (parse, lint, stats, diff), of the\nconfiguration file (config) or of a layout file (layout), made from the types of\nthe program."),
		Example:   "  perfgoal schema lint > lint.schema.json",
		ValidArgs: schemaNames,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return a.usage("请写一个：parse、lint、stats、diff、config 或 layout", "name one: parse, lint, stats, diff, config or layout")
			}
			b, err := schemaOf(args[0])
			if err != nil {
				return err
			}
			if b == nil {
				return a.usage("没有“%s”的 JSON Schema%s", "no schema for %q%s", args[0], a.didYouMean(args[0], schemaNames))
			}
			_, err = a.out.Write(b)
			return err
		},
	}
}

// schemaOf is the schema by its name, nil for an unknown one.
func schemaOf(name string) ([]byte, error) {
	switch name {
	case "config":
		return config.Schema()
	case "layout":
		return config.LayoutSchema()
	}
	return report.SchemaOf(name, false)
}
