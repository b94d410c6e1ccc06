using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training.Optimizers;

public sealed class ScheduleTests
{
    private static readonly Dictionary<string, (Schedule Schedule, int Steps)> Schedules = new()
    {
        ["step"] = (new StepSchedule(7, 0.3), 20),
        ["cosine"] = (new CosineSchedule(0.1), 20),
        ["one cycle"] = (new OneCycleSchedule(), 21),
        ["warm-up, cosine"] = (new CosineSchedule().After(4), 20),
    };

    public static TheoryData<string> Names => [.. Schedules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_factor_is_that_of_PyTorch(string name)
    {
        var (schedule, steps) = Schedules[name];
        double[] expected = RecordedTraining.Numbers(RecordedTraining.Of("schedules", name));
        for (int step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], schedule.Factor(step, steps), 1e-9);
    }

    [Fact]
    public void A_training_of_one_step_has_a_rate_in_every_schedule() =>
        Assert.All(Schedules.Values.Select(entry => entry.Schedule).Append(new ConstantSchedule()), schedule => Assert.InRange(schedule.Factor(0, 1), 1e-6, 1));

    [Fact]
    public void A_constant_rate_stays_behind_its_warm_up() =>
        Assert.Equal([0.5, 1, 1, 1], Enumerable.Range(0, 4).Select(step => new ConstantSchedule().After(2).Factor(step, 4)));
}
