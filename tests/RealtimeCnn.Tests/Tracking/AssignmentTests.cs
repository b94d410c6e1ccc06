using RealtimeCnn.Tracking;

namespace RealtimeCnn.Tests.Tracking;

/// <summary>The assignment against trying all of them.</summary>
public sealed class AssignmentTests
{
    [Fact]
    public void The_sum_is_that_of_the_best_of_all_assignments()
    {
        var random = new Random(7);
        var assignment = new Assignment(6, 7);
        for (int turn = 0; turn < 500; turn++)
        {
            int rows = random.Next(7), columns = random.Next(8);
            var similarity = new float[rows, columns];
            assignment.Begin(rows, columns);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    // Ties and pairs that must not be are the interesting ones.
                    similarity[row, column] = random.Next(3) == 0 ? 0 : random.Next(1, 11) / 10f;
                    assignment.Set(row, column, similarity[row, column]);
                }
            }

            var found = assignment.Solve();
            Assert.Equal(rows, found.Length);
            double sum = 0;
            var taken = new HashSet<int>();
            for (int row = 0; row < rows; row++)
            {
                if (found[row] < 0)
                    continue;
                Assert.True(taken.Add(found[row]), $"Column {found[row]} is assigned twice.");
                Assert.True(similarity[row, found[row]] > 0, "A pair without similarity.");
                sum += similarity[row, found[row]];
            }

            Assert.Equal(Best(similarity, 0, 0), sum, 1e-5);
        }
    }

    [Fact]
    public void Where_the_nearest_pair_first_leaves_one_alone_both_are_assigned()
    {
        var assignment = new Assignment(2, 2);
        assignment.Begin(2, 2);
        assignment.Set(0, 0, 0.9f);
        assignment.Set(0, 1, 0.8f);
        assignment.Set(1, 0, 0.8f);
        Assert.Equal([1, 0], assignment.Solve().ToArray());
    }

    private static double Best(float[,] similarity, int row, int taken)
    {
        if (row == similarity.GetLength(0))
            return 0;
        double best = Best(similarity, row + 1, taken);
        for (int column = 0; column < similarity.GetLength(1); column++)
        {
            if (similarity[row, column] > 0 && (taken & (1 << column)) == 0)
                best = Math.Max(best, similarity[row, column] + Best(similarity, row + 1, taken | (1 << column)));
        }

        return best;
    }
}
